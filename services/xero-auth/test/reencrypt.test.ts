import { execFile } from 'node:child_process'
import { createCipheriv, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createDb } from '@afo/db'
import { createVault, Secret } from '@afo/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reencrypt } from '../src/adapters/vault-values.js'
import { app, type Replica, type Rig, startRig } from './rig.js'

let rig: Rig
let old: Secret
const fresh = new Secret(randomBytes(32).toString('hex'))
beforeAll(async () => {
  rig = await startRig()
  old = new Secret(rig.environment.ENCRYPTION_KEY ?? '')
})
afterAll(() => rig?.close())

const db = () => createDb({ url: rig.db.supabaseUrl, key: new Secret(rig.db.secretKey), timeoutMs: 10_000 })
const start = (current: Secret, previous?: Secret) =>
  rig.start({ ENCRYPTION_KEY: current.reveal(), ENCRYPTION_KEY_PREVIOUS: previous?.reveal() })

test('the key changes under load without a failed call, and twice is once', async () => {
  const first = await start(old, fresh)
  expect((await rig.connect(first)).body.outcome).toBe('connected')
  const second = await start(fresh, old)

  const asking = new Set([first, second])
  const statuses: number[] = []
  const load = [first, second].map(async (replica: Replica) => {
    for (let i = 0; asking.has(replica); i++) {
      if (i % 5 === 4) await rig.db.sql(`update xero_tokens set expires_at = now()`)
      statuses.push((await rig.ask(replica, 'GET', '/token')).status)
    }
  })
  const vault = createVault(fresh, old)
  let done = await reencrypt(db(), vault, [fresh, old])
  expect(done.renewed).toBeGreaterThan(3)
  expect(done.unreadable).toEqual([])
  asking.delete(first)
  await load[0]
  await first.stop()
  // What the old replica sealed meanwhile.
  done = await reencrypt(db(), vault, [fresh, old])
  asking.delete(second)
  await load[1]
  expect(new Set(statuses.filter((status) => status !== 200))).toEqual(new Set())
  expect(statuses.length).toBeGreaterThan(5)

  const again = await reencrypt(db(), vault, [fresh, old])
  expect(again).toMatchObject({ renewed: 0, unreadable: [] })
  await second.stop()
  const alone = await start(fresh)
  expect((await rig.ask(alone, 'GET', '/token')).status).toBe(200)
  await alone.stop()
})

test('values in the old form are taken over by the command alone, and what no key opens is named', async () => {
  await rig.db.sql(`update app_settings set value = $1 where key = 'xero_client_secret'`, [
    legacy(app.clientSecret, fresh),
  ])
  await rig.db.sql(`insert into app_settings (key, value, is_encrypted) values ('stranger', $1, true)`, [
    '00'.repeat(40),
  ])
  const replica = await start(fresh)
  expect((await rig.ask(replica, 'GET', '/connection')).status).toBe(500)
  const done = await reencrypt(db(), createVault(fresh), [fresh])
  expect(done).toMatchObject({ renewed: 1, unreadable: ['app_settings/stranger/value'] })
  expect((await rig.ask(replica, 'GET', '/connection')).body.credentialsSaved).toBe(true)
  await rig.db.sql(`delete from app_settings where key = 'stranger'`)
  await replica.stop()
})

test('a value moved to another row is refused', async () => {
  await rig.db.sql(
    `update app_settings set value = (select value from app_settings where key = 'xero_client_id') where key = 'xero_client_secret'`,
  )
  const replica = await start(fresh)
  expect((await rig.ask(replica, 'GET', '/connection')).status).toBe(500)
})

test('the command says in one line why it ended early', async () => {
  const command = fileURLToPath(new URL('../dist/reencrypt.js', import.meta.url))
  const env = { ...rig.environment, SUPABASE_URL: 'http://127.0.0.1:1' }
  const { code, stdout, stderr } = await new Promise<Record<'code' | 'stdout' | 'stderr', unknown>>((resolve) =>
    execFile(process.execPath, [command], { env }, (failure, stdout, stderr) =>
      resolve({ code: failure?.code, stdout, stderr }),
    ),
  )
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(JSON.parse(String(stdout))).toMatchObject({
    msg: 'ended early: correct the cause and run it again',
    err: { kind: 'unavailable' },
  })
})

function legacy(plain: string, key: Secret): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(key.reveal(), 'hex'), iv)
  return `${iv.toString('hex')}:${cipher.update(plain, 'utf8', 'hex')}${cipher.final('hex')}`
}
