import { createCipheriv, randomBytes } from 'node:crypto'
import { createVault, Secret } from '@afo/kit'
import { describe, expect, test } from 'vitest'
import { isLegacyValue, openLegacyValue } from './legacy-cipher.js'

const key = new Secret(randomBytes(32).toString('hex'))

describe('the old form', () => {
  test('is recognised and opened under its own key', () => {
    const value = legacy('Kia ora, Māui', key)
    expect(isLegacyValue(value)).toBe(true)
    expect(openLegacyValue(value, key)).toBe('Kia ora, Māui')
  })

  test('is none of the vault’s values, and the vault’s are none of it', () => {
    expect(isLegacyValue(createVault(key).seal('secret', { table: 't', row: 'r', column: 'c', tenant: '' }))).toBe(
      false,
    )
    expect(isLegacyValue('http://localhost:3001')).toBe(false)
  })
})

function legacy(plain: string, by: Secret): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(by.reveal(), 'hex'), iv)
  return `${iv.toString('hex')}:${cipher.update(plain, 'utf8', 'hex')}${cipher.final('hex')}`
}
