import { env, processEnvironment, readConfig } from '@afo/kit'
import { z } from 'zod'
import { printReport, tellStory } from '../story/index.js'
import { printJson, runCommand, say } from './output.js'

const schema = z.object({
  GATEWAY_URL: env.url(),
  SUPABASE_URL: env.url(),
  SUPABASE_PUBLISHABLE_KEY: env.text(),
  ADMIN_EMAIL: env.text(),
  ADMIN_PASSWORD: env.text(),
  XERO_URL: env.url(),
  XERO_CLIENT_ID: env.text(),
  XERO_CLIENT_SECRET: env.text(),
})

/** The story alone, against a stack that is up: in containers. */
await runCommand(async () => {
  const config = readConfig(schema, processEnvironment())
  const report = await tellStory({
    gatewayUrl: config.GATEWAY_URL,
    supabaseUrl: config.SUPABASE_URL,
    publishableKey: config.SUPABASE_PUBLISHABLE_KEY,
    admin: { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD },
    xeroUrl: config.XERO_URL,
    xeroApp: { clientId: config.XERO_CLIENT_ID, clientSecret: config.XERO_CLIENT_SECRET },
    say,
  })
  process.stderr.write(printReport(report))
  printJson(report)
  process.exitCode = report.ok ? 0 : 1
})
