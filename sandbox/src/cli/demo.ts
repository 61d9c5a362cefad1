import { join, resolve } from 'node:path'
import { processEnvironment } from '@afo/kit'
import { startStack, stateRoot } from '../stack/index.js'
import { printReport, tellStory } from '../story/index.js'
import { runInForeground } from './foreground.js'
import { printJson, readOptions, say } from './output.js'

const usage = `npm run demo [-- OPTIONS]   the whole story on a fresh company, then the stack stays up
  --once   end after the story
  --json   the result as one line of JSON on stdout
Exit code 1 when the ledgers differ by one cent or one document.`

const { values } = readOptions(usage, { once: { type: 'boolean' }, json: { type: 'boolean' } })

await runInForeground('demo', async (closers, signal) => {
  const environment = processEnvironment()
  for (const name of ['XERO_API_URL', 'XERO_IDENTITY_URL', 'XERO_LOGIN_URL', 'SUPABASE_URL'])
    if (environment[name])
      throw new Error(`The demo plays on stand-ins of its own; unset ${name}, or use "npm start" with it.`)
  const details = (
    await startStack(
      { stateDir: resolve(environment.STATE_DIR || join(stateRoot(), 'demo')), fresh: true, environment, say },
      closers,
    )
  )()
  const { gatewayUrl, supabaseUrl, publishableKey, admin, xeroUrl, xeroApp } = details
  if (!publishableKey || !admin || !xeroApp) throw new Error('The stack has no admin or no sandbox')
  const report = await tellStory({ gatewayUrl, supabaseUrl, publishableKey, admin, xeroUrl, xeroApp, say })
  process.stderr.write(printReport(report))
  if (values.json) printJson(report)
  process.exitCode = report.ok ? 0 : 1
  if (values.once) {
    for (const error of await closers.close()) say(error.message)
    if (!signal.aborted) process.exit(process.exitCode)
  }
  say(`It stays up: ${gatewayUrl}/app, sign in as ${admin.email} with ${admin.password}. Ctrl-C ends it.`)
})
