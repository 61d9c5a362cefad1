import { processEnvironment } from '@afo/kit'
import { migrate } from '../supabase/index.js'
import { databaseUrlOf } from './database-url.js'
import { printJson, readOptions, runCommand, say } from './output.js'

const usage = `npm run migrate [-- OPTIONS]   brings the Postgres at DATABASE_URL (else the local stack's) up to date
  --dry-run   says what would be applied and changes nothing
  --json      one JSON object on stdout: { already, applied, dryRun }`

await runCommand(async () => {
  const { values } = readOptions(usage, { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } })
  const dryRun = values['dry-run'] === true
  const result = await migrate(databaseUrlOf(processEnvironment()), {
    dryRun,
    onApplied: ({ version, name }) => say(`applied ${version}_${name}`),
  })
  if (dryRun) for (const name of result.applied) say(`would apply ${name}`)
  say(
    result.applied.length === 0
      ? `up to date (${result.already.length} migrations)`
      : `${result.applied.length} migrations ${dryRun ? 'to apply' : 'applied'}`,
  )
  if (values.json) printJson({ ...result, dryRun })
})
