import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env, processEnvironment, readConfig } from '@afo/kit'
import { z } from 'zod'
import { lockFolder, stateRoot } from '../stack/index.js'
import { stackSecrets } from '../stack/secrets.js'
import { startXero } from '../xero/index.js'
import { runInForeground } from './foreground.js'
import { printJson, readOptions, say } from './output.js'

const usage = `npm run sandbox [-- OPTIONS]   the stand-in Xero alone, in the foreground until a signal
  --json    one line of JSON on stdout when it is ready
  --fresh   forget what it holds
Environment: PORT (default: a free one), XERO_CLIENT_ID, XERO_CLIENT_SECRET, XERO_REDIRECT_URI (the app that is registered),
XERO_WEBHOOK_URL with XERO_WEBHOOK_KEY (where events go), TIME_SCALE.`

const schema = z.object({
  HOST: env.text().default('127.0.0.1'),
  PORT: env.port().default(0),
  PUBLIC_URL: env.url().optional(),
  STATE_DIR: env.text().optional(),
  XERO_CLIENT_ID: env.text().optional(),
  XERO_CLIENT_SECRET: env.text().optional(),
  XERO_REDIRECT_URI: env
    .list()
    .default(['http://localhost:3001/api/xero/callback', 'http://localhost:3001/xero/callback']),
  XERO_WEBHOOK_URL: env.url().optional(),
  XERO_WEBHOOK_KEY: env.text().optional(),
  XERO_OPENAPI: env.text().optional(),
  SANDBOX_CONTROL: z.enum(['loopback', 'anywhere']).default('loopback'),
  TIME_SCALE: env.int(1, 600).default(1),
})

const { values } = readOptions(usage, { json: { type: 'boolean' }, fresh: { type: 'boolean' } })

await runInForeground('sandbox', async (closers) => {
  const config = readConfig(schema, processEnvironment())
  const dir = config.STATE_DIR ?? join(stateRoot(), 'sandbox')
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  closers.add('lock', lockFolder(dir, 'The sandbox'))
  const stateFile = join(dir, 'books.json')
  if (values.fresh) rmSync(stateFile, { force: true })
  const own = stackSecrets(dir)
  const app = {
    clientId: config.XERO_CLIENT_ID ?? own.xeroClientId,
    clientSecret: config.XERO_CLIENT_SECRET ?? own.xeroClientSecret,
    redirectUris: config.XERO_REDIRECT_URI,
  }
  const webhookKey = config.XERO_WEBHOOK_KEY ?? own.webhookKey
  const xero = await startXero({
    host: config.HOST,
    port: config.PORT,
    stateFile,
    timeScale: config.TIME_SCALE,
    apps: [app],
    controlFrom: config.SANDBOX_CONTROL,
    ...(config.PUBLIC_URL ? { publicUrl: config.PUBLIC_URL } : {}),
    ...(config.XERO_WEBHOOK_URL ? { webhook: { url: config.XERO_WEBHOOK_URL, key: webhookKey } } : {}),
    ...(config.XERO_OPENAPI ? { openapi: config.XERO_OPENAPI } : {}),
  })
  closers.add('xero', () => xero.close())
  if (values.json) return printJson({ xeroUrl: xero.url, xeroApp: app, webhookKey, pid: process.pid })
  say(`Xero ${xero.url}, client id ${app.clientId}, secret ${app.clientSecret}`)
  say(`What people do in Xero, faults, clock: ${xero.url}/_sandbox (sandbox/README.md)`)
})
