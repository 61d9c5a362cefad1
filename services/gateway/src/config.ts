import { env } from '@afo/kit'
import { z } from 'zod'

/** The gateway's own environment variables. */
export const gatewayConfig = z.object({
  PORT: env.port().default(3001).describe('Port to listen on; 0 takes a free one'),
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  XERO_AUTH_URL: env.url().describe('Where xero-auth answers'),
  INVOICING_URL: env.url().optional().describe('Where invoicing answers, for previews'),
  FRONTEND_URL: env
    .list()
    .pipe(z.array(z.url()))
    .default([])
    .describe(
      'Origins that may call this API from a browser, comma-separated; the first one is where the Xero consent ends',
    ),
  PUBLIC_URL: env.url().optional().describe('The address people reach the gateway by; else the origin of each request'),
  TRUST_PROXY: env
    .text()
    .optional()
    .describe(
      "Proxies whose X-Forwarded-* headers count: a number of hops, or addresses as in Express's 'trust proxy'",
    ),
  SUPABASE_PUBLIC_URL: env.url().optional().describe('The Supabase project as browsers reach it, where that differs'),
  SUPABASE_PUBLISHABLE_KEY: env.text().optional().describe('The key that the console signs in with; public'),
  SUPABASE_JWT_ISSUER: env
    .text()
    .optional()
    .describe(
      "The issuer of sessions, SUPABASE_URL/auth/v1 unless told; 'none' where sessions carry no issuer (local stack)",
    ),
  RATE_PER_USER: env.int(1, 1_000_000).default(1_200).describe('Requests a minute of one signed-in person'),
  RATE_PER_ADDRESS: env.int(1, 1_000_000).default(2_400).describe('Requests a minute of one IP address'),
  RATE_PER_ADDRESS_AUTH: env
    .int(1, 1_000_000)
    .default(30)
    .describe('Requests a minute of one IP address to sign-in and consent'),
  CONSOLE_DIR: env.text().optional().describe("The console's built files, console/dist unless told"),
})
export type GatewayConfig = z.output<typeof gatewayConfig>
