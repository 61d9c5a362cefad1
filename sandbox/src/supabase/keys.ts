import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const keysSchema = z.strictObject({
  databasePassword: z.string(),
  jwtSecret: z.string(),
  publishableKey: z.string(),
  secretKey: z.string(),
})
export type Keys = z.infer<typeof keysSchema>

/** The local Supabase's keys: made once, kept beside its data, so that they stay the same from one start to the next. */
export function localKeys(dir: string): Keys {
  const file = join(dir, 'keys.json')
  if (existsSync(file)) return keysSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const text = () => randomBytes(24).toString('hex')
  const keys = {
    databasePassword: text(),
    jwtSecret: text(),
    publishableKey: `sb_publishable_${text()}`,
    secretKey: `sb_secret_${text()}`,
  }
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return keys
}
