import { env, Secret } from '@afo/kit'
import { z } from 'zod'

const key = () =>
  z
    .string()
    .regex(/^[0-9A-Fa-f]{64}$/, 'must be 64 hexadecimal digits (openssl rand -hex 32)')
    .transform((hex) => new Secret(hex.toLowerCase()))

/** Names that stay on this machine or in a container network: loopback, or without a dot. */
const isLocal = (name: string) => /^(\[::1\]|127\.\d+\.\d+\.\d+|[^.]+|.+\.localhost)$/.test(name)

/** Secrets never travel in the clear: plain http is for a sandbox beside us. */
const secureUrl = () =>
  env.url().refine((text) => {
    const { protocol, hostname } = new URL(text)
    return protocol === 'https:' || (protocol === 'http:' && isLocal(hostname))
  }, 'must be https; http is for a local sandbox only')

const granularScopes =
  'openid profile email offline_access accounting.contacts accounting.invoices accounting.settings.read accounting.payments.read'

/** xero-auth's own environment. */
export const config = z.object({
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  ENCRYPTION_KEY: key().describe('Key of the vault, 64 hexadecimal digits'),
  ENCRYPTION_KEY_PREVIOUS: key().optional().describe('A second key that is still accepted, while keys are changed'),
  XERO_LOGIN_URL: secureUrl().default('https://login.xero.com').describe('Where people give consent'),
  XERO_IDENTITY_URL: secureUrl().default('https://identity.xero.com').describe('Where tokens come from'),
  XERO_API_URL: secureUrl().default('https://api.xero.com').describe("Xero's API; another only for the sandbox"),
  XERO_CLIENT_ID: env.text().optional().describe('Used while no credentials are saved'),
  XERO_CLIENT_SECRET: env.secret().optional().describe('Used while no credentials are saved'),
  XERO_REDIRECT_URI: env.url().optional().describe('Used while none is saved'),
  XERO_SCOPES: env
    .text()
    .default(granularScopes)
    .describe('What to ask for, separated by spaces; an app made before March 2026 may need the broad ones'),
  XERO_PKCE: z.enum(['auto', 'always', 'never']).default('auto').describe('auto: where discovery lists S256'),
  XERO_WEBHOOK_KEY: env.secret().optional().describe('Used while none is saved'),
  XERO_WEBHOOK_KEY_PREVIOUS: env.secret().optional().describe('Still accepted, while the key is changed'),
})
export type Config = z.output<typeof config>
