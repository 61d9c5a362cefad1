import { createLog, env, processEnvironment, readConfig, runProcess } from '@afo/kit'
import { z } from 'zod'
import { startSupabase } from '../supabase/index.js'

const schema = z.object({
  STATE_DIR: env.text(),
  HOST: env.text().default('127.0.0.1'),
  PORT: env.port().default(0),
  PUBLIC_URL: env.url().optional(),
  DATABASE_PORT: env.port().optional(),
  SUPABASE_PUBLISHABLE_KEY: env.text().optional(),
  SUPABASE_SERVICE_ROLE_KEY: env.text().optional(),
  ADMIN_EMAIL: env.text().optional(),
  ADMIN_PASSWORD: env.text().optional(),
  FOLLOW_PARENT: env.flag().default(false),
})

const environment = processEnvironment()
const log = createLog('supabase', environment.LOG_LEVEL || 'info')

/** The local Supabase as a process of its own. */
await runProcess(
  async (_signal, closers) => {
    const config = readConfig(schema, environment)
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config
    const supabase = await startSupabase({
      stateDir: config.STATE_DIR,
      host: config.HOST,
      port: config.PORT,
      publicUrl: config.PUBLIC_URL,
      databasePort: config.DATABASE_PORT,
      publishableKey: config.SUPABASE_PUBLISHABLE_KEY,
      secretKey: config.SUPABASE_SERVICE_ROLE_KEY,
      admin: email && password ? { email, password } : undefined,
    })
    let closing = false
    closers.add('supabase', () => {
      closing = true
      return supabase.close()
    })
    // Whoever supervises this process starts both again.
    void supabase.postgres.server.exited.then(() => {
      if (!closing) throw new Error('Postgres ended')
    })
    log.info({ url: supabase.url }, 'ready')
  },
  { log, deadlineMs: 20_000, followParent: environment.FOLLOW_PARENT === '1' },
)
