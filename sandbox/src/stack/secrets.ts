import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const secretsSchema = z.strictObject({
  encryptionKey: z.string(),
  serviceToken: z.string(),
  webhookKey: z.string(),
  adminPassword: z.string(),
  xeroClientId: z.string(),
  xeroClientSecret: z.string(),
})
export type StackSecrets = z.infer<typeof secretsSchema>

export const adminEmail = 'admin@ampedfieldops.example'

/** What the local stack's processes share, made once and kept with its state: the vault stays readable after a restart. */
export function stackSecrets(dir: string): StackSecrets {
  const file = join(dir, 'secrets.json')
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const secrets: StackSecrets = {
    encryptionKey: hex(32),
    serviceToken: hex(24),
    webhookKey: randomBytes(32).toString('base64'),
    adminPassword: hex(8),
    xeroClientId: hex(16).toUpperCase(),
    xeroClientSecret: randomBytes(32).toString('base64url'),
  }
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return secrets
}
