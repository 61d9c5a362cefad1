import { join } from 'node:path'
import type { Environment } from '@afo/kit'
import { localKeys } from '../supabase/keys.js'
import type { SupabaseAddress, XeroAddress } from './outside.js'
import { freePort } from './ports.js'
import { adminEmail, type StackSecrets } from './secrets.js'
import { cloneDir } from './state.js'
import type { ProcessSpec } from './supervised.js'

export interface StandInOptions {
  readonly stateDir: string
  readonly logDir: string
  readonly secrets: StackSecrets
  readonly environment: Environment
}

/** Absent where the real thing is used. */
export interface StandIn {
  readonly spec?: ProcessSpec
  /** The app that is registered with the sandbox. */
  readonly app?: { readonly clientId: string; readonly clientSecret: string }
}

const program = (name: string) => join(cloneDir, 'sandbox', 'dist', 'cli', `${name}.js`)

/** The Supabase of one's own, as a process; its addresses are settled before it runs, so that they outlive its restarts. */
export async function supabaseStandIn({
  stateDir,
  logDir,
  secrets,
  environment,
}: StandInOptions): Promise<SupabaseAddress & StandIn> {
  const dir = join(stateDir, 'supabase')
  const { publishableKey, secretKey, databasePassword } = localKeys(dir)
  const [port, databasePort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const spec: ProcessSpec = {
    name: 'supabase',
    id: 'supabase',
    args: [program('supabase')],
    env: {
      ...environment,
      FOLLOW_PARENT: '1',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_PORT: String(databasePort),
      STATE_DIR: dir,
      PUBLIC_URL: '',
      SUPABASE_PUBLISHABLE_KEY: publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: secretKey,
      ADMIN_EMAIL: adminEmail,
      ADMIN_PASSWORD: secrets.adminPassword,
    },
    readyUrl: `${url}/health`,
    healthUrl: `${url}/health`,
    logFile: join(logDir, 'supabase.log'),
  }
  return {
    spec,
    url,
    publishableKey,
    secretKey,
    databaseUrl: `postgres://postgres:${databasePassword}@127.0.0.1:${databasePort}/postgres`,
  }
}

/** The Xero that behaves like Xero, as a process, with one registered app whose consent comes back to the gateway. */
export async function xeroStandIn(
  { stateDir, logDir, secrets, environment }: StandInOptions,
  gatewayPort: number,
): Promise<XeroAddress & StandIn> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const spec: ProcessSpec = {
    name: 'xero',
    id: 'xero',
    args: [program('sandbox')],
    env: {
      ...environment,
      FOLLOW_PARENT: '1',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: '',
      STATE_DIR: join(stateDir, 'xero'),
      XERO_CLIENT_ID: secrets.xeroClientId,
      XERO_CLIENT_SECRET: secrets.xeroClientSecret,
      XERO_REDIRECT_URI: `http://localhost:${gatewayPort}/api/xero/callback,http://localhost:${gatewayPort}/xero/callback`,
      XERO_WEBHOOK_KEY: environment.XERO_WEBHOOK_KEY || secrets.webhookKey,
      XERO_WEBHOOK_URL: `http://127.0.0.1:${gatewayPort}/xero/webhooks`,
    },
    readyUrl: `${url}/_sandbox`,
    healthUrl: `${url}/_sandbox`,
    logFile: join(logDir, 'xero.log'),
  }
  return {
    spec,
    apiUrl: url,
    identityUrl: url,
    loginUrl: url,
    app: { clientId: secrets.xeroClientId, clientSecret: secrets.xeroClientSecret },
  }
}
