import { doorConfig } from '@afo/door'
import { env } from '@afo/kit'
import { z } from 'zod'

/** The gateway's own environment variables. */
export const gatewayConfig = z.object({
  ...doorConfig.shape,
  PORT: env.port().default(3001).describe('Port to listen on; 0 takes a free one'),
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  XERO_AUTH_URL: env.url().describe('Where xero-auth answers'),
  INVOICING_URL: env.url().optional().describe('Where invoicing answers, for previews and verdicts'),
  CONTACT_SYNC_URL: env.url().optional().describe('Where contact-sync answers, for verdicts'),
  SUPABASE_PUBLISHABLE_KEY: env.text().optional().describe('The key that the console signs in with; public'),
  SUPABASE_JWT_ISSUER: env
    .text()
    .optional()
    .describe(
      "The issuer of sessions, SUPABASE_URL/auth/v1 unless told; 'none' where sessions carry no issuer (local stack)",
    ),
  XERO_LOGIN_URL: env.url().default('https://login.xero.com').describe('Where people give consent'),
  ALERT_ALLOWED_HOSTS: env
    .list()
    .default([])
    .describe('Hosts that alerts may go to though they are in a private network; refused in production'),
  CONSOLE_DIR: env.text().optional().describe("The console's built files, console/dist unless told"),
})
export type GatewayConfig = z.output<typeof gatewayConfig>
