import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serviceNames } from '@afo/contracts'
import { serviceFlags } from '@afo/kit'
import { describe, expect, test } from 'vitest'
import { children, imports, lineCount, readText, root, sources, workspaces } from './workspaces.js'

const services = children('services').sort()

/** Lines of a workspace's own source, its tests apart. */
const linesOf = (folder: string) =>
  sources(`${folder}/src`, { tests: false }).reduce((sum, path) => sum + lineCount(path), 0)

test('the folders are the services that the contracts name', () => {
  expect(services).toEqual(serviceNames.map((name) => `services/${name}`).sort())
})

test('a service runs in its image as it runs here', () => {
  expect(readText('deploy/Dockerfile')).toContain(
    `\nCMD ${JSON.stringify(['node', ...serviceFlags, 'dist/main.js']).replaceAll(',', ', ')}\n`,
  )
})

describe.each(services)('%s has the one shape', (folder) => {
  const has = (path: string) => existsSync(join(root, folder, path))

  test('main.ts only runs service.ts', () => {
    const lines = readText(`${folder}/src/main.ts`).trim().split('\n')
    expect(lines.length).toBeLessThanOrEqual(4)
    expect(lines.join('\n')).toMatch(/await runService\(/)
  })

  test('service.ts is the table of contents', () => {
    expect(readText(`${folder}/src/service.ts`)).toMatch(/defineService\(/)
    expect(lineCount(`${folder}/src/service.ts`)).toBeLessThanOrEqual(150)
  })

  test('the README says what it hears, says, owns, and how it fails', () => {
    const readme = readText(`${folder}/README.md`)
    for (const heading of ['Hears', 'Says', 'Owns', 'When it fails'])
      expect(readme).toMatch(new RegExp(`^## ${heading}$`, 'm'))
  })

  test('core is pure: no clock, no chance, no I/O', () => {
    if (!has('src/core')) return
    for (const path of sources(`${folder}/src/core`, { tests: false })) {
      const source = readText(path)
      expect(
        imports(source).filter(
          (s) =>
            /^node:|adapters|handlers|@afo\/(db|bus|xero|service)$/.test(s) &&
            !/^import type/m.test(source.split('\n').find((l) => l.includes(`'${s}'`)) ?? ''),
        ),
        path,
      ).toEqual([])
      expect(source, path).not.toMatch(/\bnew Date\(\)|Date\.now\(|Math\.random\(|randomUUID\(|\bawait\b/)
    }
  })

  test('the database and Xero are named in adapters alone', () => {
    const strays = sources(`${folder}/src`, { tests: false })
      .filter((path) => !/\/(adapters|clients)\//.test(path))
      .filter((path) =>
        /\bdb\.rpc\(|\bxero\.(contacts|items|invoices|accounts|taxRates|organisation|tracking)\./.test(readText(path)),
      )
    expect(strays).toEqual([])
  })

  test('stays small', () => {
    expect(linesOf(folder)).toBeLessThanOrEqual(1_200)
  })
})

test.each([
  ['libs/bus', 700],
  ['libs/streams', 850],
  ['libs/limiter', 700],
  ['libs/xero', 700],
])('%s has less than %i lines', (folder, bound) => {
  expect(linesOf(folder)).toBeLessThan(bound)
})

test('no file of the product is over 250 lines', () => {
  const long = workspaces()
    .flatMap(({ folder }) => sources(`${folder}/src`, { tests: true }))
    .filter((path) => lineCount(path) > 250)
  expect(long).toEqual([])
})
