import { createDb } from '@afo/db'
import { createLog, createVault, processEnvironment, readConfig } from '@afo/kit'
import { baseConfig } from '@afo/service'
import { reencrypt } from './adapters/vault-values.js'
import { config } from './config.js'

// `npm run reencrypt`: after ENCRYPTION_KEY changed (the old one as ENCRYPTION_KEY_PREVIOUS), or once for values of the application's old form.
const log = createLog('reencrypt')
try {
  const database = baseConfig.pick({ SUPABASE_URL: true, SUPABASE_SERVICE_ROLE_KEY: true })
  const keys = config.pick({ ENCRYPTION_KEY: true, ENCRYPTION_KEY_PREVIOUS: true })
  const set = readConfig(database.extend(keys.shape), processEnvironment())
  const { ENCRYPTION_KEY: current, ENCRYPTION_KEY_PREVIOUS: previous } = set
  const db = createDb({ url: set.SUPABASE_URL, key: set.SUPABASE_SERVICE_ROLE_KEY, timeoutMs: 15_000 })
  const done = await reencrypt(db, createVault(current, previous), previous ? [current, previous] : [current])
  log.info(done, 'secrets sealed under the key in use')
  process.exitCode = done.unreadable.length > 0 ? 1 : 0
} catch (err) {
  log.fatal({ err }, 'ended before every secret was looked at: correct the cause and run it again')
  process.exitCode = 1
}
process.exit()
