import { createDecipheriv } from 'node:crypto'
import type { Secret } from '@afo/kit'

const form = /^([0-9a-f]{32}):((?:[0-9a-f]{32})+)$/i

/** Whether a value has the form that the application wrote before this vault: `iv:ciphertext`, AES-256-CBC under the raw key, unauthenticated. */
export const isLegacyValue = (value: string): boolean => form.test(value)

/**
 * Opens a value of the old form. For the re-encrypt command alone: nothing else may accept a value without a MAC.
 * Answers null where the key isn't the one (as far as padding tells).
 */
export function openLegacyValue(value: string, key: Secret): string | null {
  const [, iv = '', ciphertext = ''] = form.exec(value) ?? []
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(key.reveal(), 'hex'), Buffer.from(iv, 'hex'))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Buffer.concat([decipher.update(ciphertext, 'hex'), decipher.final()]),
    )
  } catch {
    return null
  }
}
