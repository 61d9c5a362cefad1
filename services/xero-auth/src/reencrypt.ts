import { createDb } from '@afo/db'
import { createVault, processEnvironment, readConfig, runOnce } from '@afo/kit'
import { baseConfig } from '@afo/service'
import { reencrypt } from './adapters/vault-values.js'
import { config } from './config.js'

// `npm run reencrypt`: after ENCRYPTION_KEY changed (the old one as ENCRYPTION_KEY_PREVIOUS), or once for values of the application's old form.
const keys = config.pick({ ENCRYPTION_KEY: true, ENCRYPTION_KEY_PREVIOUS: true })
const needed = baseConfig.pick({ SUPABASE_URL: true, SUPABASE_SERVICE_ROLE_KEY: true }).extend(keys.shape)
await runOnce('reencrypt', async (log) => {
  const { ENCRYPTION_KEY: current, ENCRYPTION_KEY_PREVIOUS: previous, ...at } = readConfig(needed, processEnvironment())
  const db = createDb({ url: at.SUPABASE_URL, key: at.SUPABASE_SERVICE_ROLE_KEY, timeoutMs: 15_000 })
  const done = await reencrypt(db, createVault(current, previous), previous ? [current, previous] : [current])
  log.info(done, 'secrets sealed under the key in use')
  return done.unreadable.length > 0 ? 1 : 0
})
