import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>The console</title>')
  await writeFile(join(folder, 'assets', 'main-1a2b.js'), 'export {}')
  await writeFile(join(folder, '..secret'), 'x')
  rig = await startRig({ environment: { CONSOLE_DIR: folder } })
})
afterAll(async () => {
  await rig?.close()
  await rm(folder, { recursive: true, force: true })
})

const get = (path: string) => ask(rig, 'GET', path, { token: null })

describe('/app', () => {
  it('serves the one page at every path, so that deep links work', async () => {
    for (const path of ['/app', '/app/', '/app/settings/xero', '/app/settings/xero?xero_connected=true']) {
      const { status, body, headers } = await get(path)
      expect([status, body]).toEqual([200, '<title>The console</title>'])
      expect(headers.get('cache-control')).toBe('no-cache')
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    }
  })

  it('serves built files for ever, and no page in the place of a missing one', async () => {
    const script = await get('/app/assets/main-1a2b.js')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await get('/app/assets/gone.js')).status).toBe(404)
  })

  it('tells the console where to sign in, and no secret', async () => {
    expect((await get('/app/config.json')).body).toEqual({
      supabaseUrl: rig.db.supabaseUrl,
      publishableKey: rig.db.publishableKey,
      xero: { apps: 'https://developer.xero.com/app/manage', office: 'https://go.xero.com', standIn: false },
    })
  })

  it('serves the API document', async () => {
    const { status, body } = await get('/api/openapi.json')
    expect([status, body.openapi]).toEqual([200, '3.1.0'])
  })
})
