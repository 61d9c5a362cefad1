import { env } from '@afo/kit'
import { z } from 'zod'

/** What every service is told by its environment. A service adds its own variables to these. */
export const baseConfig = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses what is for tests only'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('How much the log tells'),
  HOST: env.text().default('127.0.0.1').describe('Address to listen on'),
  PORT: env.port().default(0).describe('Port to listen on; 0 takes a free one'),
  OPERATIONS_PORT: env
    .port()
    .optional()
    .describe('Port of its own for /ready and /metrics, where PORT is open to the public; else they answer on PORT'),
  REDIS_URL: env
    .url()
    .default('redis://127.0.0.1:6379')
    .describe('Redis or Valkey, 7 or newer, with maxmemory-policy noeviction'),
  SUPABASE_URL: env.url().describe('The Supabase project'),
  SUPABASE_SERVICE_ROLE_KEY: env.secret().describe('Its secret key; never leaves the back end'),
  BUSINESS_TIME_ZONE: env
    .text()
    .default('Pacific/Auckland')
    .describe('Time zone of the schedules, as in the IANA list'),
  TIME_SCALE: env.int(1, 600).default(1).describe('Tests only: divides every duration'),
  FAILPOINT_FILE: env.text().optional().describe('Tests only: a file that names where this process is to be killed'),
  STOP_DEADLINE_MS: env.int(100, 600_000).default(20_000).describe('What running work gets after the first signal'),
  FOLLOW_PARENT: env.flag().default(false).describe('End when the parent process ends (local stack)'),
  CONCURRENCY: env.int(1, 100).default(8).describe('Messages handled at once by one process'),
})
export type BaseConfig = z.output<typeof baseConfig>

/** What a service needs besides, to call Xero. */
export const xeroConfig = z.object({
  XERO_API_URL: env.url().default('https://api.xero.com').describe("Xero's API; another only for the sandbox"),
  XERO_AUTH_URL: env.url().describe('Where xero-auth answers'),
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
})
export type XeroConfig = z.output<typeof xeroConfig>
