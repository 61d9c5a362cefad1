import { env, Secret } from '@afo/kit'
import { z } from 'zod'

const key = () =>
  z
    .string()
    .regex(/^[0-9A-Fa-f]{64}$/, 'must be 64 hexadecimal digits (openssl rand -hex 32)')
    .transform((hex) => new Secret(hex.toLowerCase()))

const granularScopes =
  'openid profile email offline_access accounting.contacts accounting.invoices accounting.settings.read accounting.payments.read'

/** xero-auth's own environment. */
export const config = z.object({
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  ENCRYPTION_KEY: key().describe('Key of the vault, 64 hexadecimal digits'),
  ENCRYPTION_KEY_PREVIOUS: key().optional().describe('A second key that is still accepted, while keys are changed'),
  XERO_LOGIN_URL: env.url().default('https://login.xero.com').describe('Where people give consent'),
  XERO_IDENTITY_URL: env.url().default('https://identity.xero.com').describe('Where tokens come from'),
  XERO_API_URL: env.url().default('https://api.xero.com').describe("Xero's API; another only for the sandbox"),
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
