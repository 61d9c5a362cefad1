import { describe, expect, test } from 'vitest'
import { imports, packageOf, readText, sources, workspaces } from './workspaces.js'

const libs = [
  'contracts',
  'kit',
  'billing',
  'contacts',
  'streams',
  'bus',
  'db',
  'identity',
  'limiter',
  'wire',
  'xero',
  'service',
  'door',
  'watch',
] as const

/** ARCHITECTURE.md, "Who may import whom": workspace folder to the workspaces that it may name. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'libs/contracts': [],
  'libs/kit': [],
  'libs/billing': ['contracts', 'wire'],
  'libs/contacts': ['contracts', 'wire'],
  'libs/streams': ['kit'],
  'libs/bus': ['contracts', 'kit', 'streams'],
  'libs/db': ['contracts', 'kit'],
  'libs/identity': ['kit'],
  'libs/limiter': ['kit'],
  'libs/wire': ['kit'],
  'libs/xero': ['kit', 'limiter', 'wire'],
  'libs/service': ['contracts', 'kit', 'bus', 'db', 'xero'],
  'libs/door': ['contracts', 'kit', 'db'],
  'libs/watch': ['contracts', 'kit', 'db', 'door'],
  'libs/testing': [...libs, 'sandbox'],
  sandbox: ['contracts', 'kit'],
  console: ['contracts'],
}
const serviceMayImport: readonly string[] = libs

/** Packages that live behind one door. */
const doors: Readonly<Record<string, string>> = {
  ioredis: 'libs/streams',
  '@supabase/supabase-js': 'libs/db',
  'xero-node': 'libs/xero',
  bottleneck: 'libs/limiter',
  'openid-client': 'libs/identity',
  opossum: 'libs/xero',
  nodemailer: 'libs/watch',
}

const allowed = (folder: string) => (folder.startsWith('services/') ? serviceMayImport : mayImport[folder])

/** What a product file must not import, as sentences; empty when it keeps to its place. */
function trespasses(folder: string, path: string, source: string): string[] {
  return imports(source).flatMap((specifier) => {
    const name = packageOf(specifier)
    if (name === null) {
      const climbs = specifier.startsWith('.') && !inside(folder, path, specifier)
      return climbs ? [`${path} reaches out of ${folder} by ${specifier}; import the workspace by its name`] : []
    }
    const workspace = name.startsWith('@afo/') ? name.slice('@afo/'.length) : null
    if (workspace !== null && !allowed(folder)?.includes(workspace))
      return [`${path} imports ${name}, which ${folder} may not (ARCHITECTURE.md)`]
    const door = doors[name]
    return door && door !== folder ? [`${path} imports ${name}; only ${door} may`] : []
  })
}

function inside(folder: string, path: string, specifier: string): boolean {
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1)
  return target.startsWith(`${folder}/`)
}

const all = workspaces()
const product = all.filter(
  ({ folder }) => folder.startsWith('services/') || (folder.startsWith('libs/') && folder !== 'libs/testing'),
)

describe.each(all)('$folder', ({ folder, dependencies }) => {
  test('keeps to its layer', () => {
    expect(allowed(folder), `${folder} is missing in this test's table`).toBeDefined()
    const found = sources(`${folder}/src`, { tests: false }).flatMap((path) => trespasses(folder, path, readText(path)))
    expect(found).toEqual([])
  })

  test('declares what it imports and imports what it declares', () => {
    const used = new Set(
      sources(`${folder}/src`, { tests: false }).flatMap((path) =>
        imports(readText(path)).flatMap((s) => packageOf(s) ?? []),
      ),
    )
    const undeclared = [...used].filter((name) => !dependencies.includes(name))
    const unused = dependencies.filter((name) => !used.has(name))
    expect({ undeclared, unused }).toEqual({ undeclared: [], unused: [] })
  })
})

test('process.env is read in kit alone', () => {
  const readers = product
    .flatMap(({ folder }) => sources(`${folder}/src`, { tests: false }))
    .filter((path) => /process\.env\b/.test(readText(path)))
  expect(readers).toEqual(['libs/kit/src/config.ts'])
})

test('no private package is fetched by a version range', () => {
  const loose = all.flatMap(({ folder }) =>
    [...readText(`${folder}/package.json`).matchAll(/"([^"]+)": "([\^~*><][^"]*)"/g)]
      .map((m) => `${folder}: ${m[1]} ${m[2]}`)
      .filter((l) => !l.includes('node >=')),
  )
  expect(loose).toEqual([])
})

describe('the border itself', () => {
  test.each([
    ['services/invoicing', 'services/invoicing/src/x.ts', "import { a } from '../../payments/src/y.js'"],
    ['services/invoicing', 'services/invoicing/src/x.ts', "import { a } from '@afo/payments'"],
    ['services/gateway', 'services/gateway/src/x.ts', "import Redis from 'ioredis'"],
    ['libs/xero', 'libs/xero/src/x.ts', "import { connectBus } from '@afo/bus'"],
    ['libs/door', 'libs/door/src/x.ts', "import type { Bus } from '@afo/bus'"],
    ['libs/kit', 'libs/kit/src/x.ts', "const a = await import('@afo/contracts')"],
    ['services/payments', 'services/payments/src/x.ts', "import type { X } from '@afo/testing'"],
    ['services/payments', 'services/payments/src/x.ts', "export * from 'xero-node/dist/gen/api/accountingApi.js'"],
  ])('%s is stopped: %s %s', (folder, path, source) => {
    expect(trespasses(folder, path, source)).toHaveLength(1)
  })
})
