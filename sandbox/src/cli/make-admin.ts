import { processEnvironment } from '@afo/kit'
import { makeAdmin } from '../supabase/index.js'
import { databaseUrlOf } from './database-url.js'
import { readOptions, runCommand, say } from './output.js'

const usage = `npm run make-admin -- EMAIL   makes the Supabase user with this e-mail an admin, in the database at DATABASE_URL (else the local stack's)`

await runCommand(async () => {
  const [email, ...rest] = readOptions(usage, {}).positionals
  if (!email || rest.length > 0) throw new Error(usage)
  if (!(await makeAdmin(databaseUrlOf(processEnvironment()), email)))
    throw new Error(
      `No user has the e-mail ${email}. Let them sign up first (or invite them in Supabase), then run this again.`,
    )
  say(`${email} is an admin from their next request on`)
})
