import { env } from '@afo/kit'
import { z } from 'zod'

/** What the door is told by the environment; a service adds these to its own. */
export const doorConfig = z.object({
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
  RATE_PER_USER: env.int(1, 1_000_000).default(1_200).describe('Requests a minute of one signed-in person'),
  RATE_PER_ADDRESS: env.int(1, 1_000_000).default(2_400).describe('Requests a minute of one IP address'),
  RATE_PER_ADDRESS_AUTH: env
    .int(1, 1_000_000)
    .default(30)
    .describe('Requests a minute of one IP address to sign-in and consent'),
})
export type DoorConfig = z.output<typeof doorConfig>
