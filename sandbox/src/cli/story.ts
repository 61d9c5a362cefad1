import { setTimeout as wait } from 'node:timers/promises'
import { env, processEnvironment, readConfig } from '@afo/kit'
import { z } from 'zod'
import { answersOk } from '../stack/supervised.js'
import { editContacts, printReport, printShares, sharesOf, tellStory, unshared } from '../story/index.js'
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
  READY_URL: env.url(),
  /** Names of the container network whose replicas share work. */
  SHARING: env.list().default([]),
})

/** Containers that are healthy may not be ready yet. */
async function up(url: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await answersOk(url))) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer`)
    await wait(250)
  }
}

/** The story alone, against a stack that is up: in containers. */
await runCommand(async () => {
  const config = readConfig(schema, processEnvironment())
  await up(config.READY_URL)
  const report = await tellStory({
    gatewayUrl: config.GATEWAY_URL,
    supabaseUrl: config.SUPABASE_URL,
    publishableKey: config.SUPABASE_PUBLISHABLE_KEY,
    admin: { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD },
    xeroUrl: config.XERO_URL,
    xeroApp: { clientId: config.XERO_CLIENT_ID, clientSecret: config.XERO_CLIENT_SECRET },
    say,
  })
  if (config.SHARING.includes('contact-sync')) await editContacts(config.XERO_URL, 12, 3001)
  const shares = await sharesOf(config.SHARING, 3001)
  const problems = [...report.problems, ...unshared(shares)]
  process.stderr.write(printReport({ ...report, ok: problems.length === 0, problems }) + printShares(shares))
  printJson({ ...report, ok: problems.length === 0, problems, shares })
  process.exitCode = problems.length === 0 ? 0 : 1
})
