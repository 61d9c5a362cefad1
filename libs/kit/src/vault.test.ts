import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from './errors.js'
import { Secret } from './secret.js'
import { createVault, type Place } from './vault.js'

const newKey = () => new Secret(randomBytes(32).toString('hex'))
const key = newKey()
const vault = createVault(key)
const place: Place = { table: 'xero_tokens', row: '7', column: 'refresh_token', tenant: 'kiwi' }

const refused = (value: string, at = place, by = vault) => {
  try {
    by.open(value, at)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'vault-unreadable') return true
    throw thrown
  }
  return false
}

describe('the vault', () => {
  test('gives back what was sealed, and never the same ciphertext twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (plain) => {
        const sealed = vault.seal(plain, place)
        expect(vault.open(sealed, place)).toBe(plain)
        expect(vault.seal(plain, place)).not.toBe(sealed)
      }),
    )
  })

  test('refuses every flipped bit of every byte', () => {
    const sealed = Buffer.from(vault.seal('a refresh token of some length', place))
    let tried = 0
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(sealed)
        changed.writeUInt8(sealed.readUInt8(at) ^ (1 << bit), at)
        expect(refused(changed.toString('latin1')), `byte ${at}, bit ${bit}`).toBe(true)
        tried++
      }
    }
    expect(tried).toBe(sealed.length * 8)
  })

  test('refuses a value moved to another table, row, column or tenant, however the parts run together', () => {
    const text = fc.string({ maxLength: 8 })
    const anyPlace = fc.record({ table: text, row: text, column: text, tenant: text })
    fc.assert(
      fc.property(anyPlace, anyPlace, (from, to) => {
        fc.pre(JSON.stringify(from) !== JSON.stringify(to))
        expect(refused(vault.seal('secret', from), to)).toBe(true)
      }),
    )
    const run = { table: 'ab', row: 'c', column: 'd', tenant: '' }
    expect(refused(vault.seal('secret', run), { ...run, table: 'a', row: 'bc' })).toBe(true)
  })

  test('refuses cut, empty, foreign and old-form values with one and the same error', () => {
    const sealed = vault.seal('secret', place)
    for (const value of ['', 'v1', sealed.slice(0, -1), `${sealed} `, sealed.toUpperCase(), legacy('secret', key)]) {
      expect(refused(value), value).toBe(true)
    }
    expect(refused(createVault(newKey()).seal('secret', place))).toBe(true)
  })

  test('opens with the previous key what was sealed before, and seals with the current one', () => {
    const before = vault.seal('secret', place)
    const rotated = createVault(newKey(), key)
    expect(rotated.open(before, place)).toBe('secret')
    expect(rotated.isCurrent(before)).toBe(false)
    const after = rotated.seal('secret', place)
    expect(rotated.isCurrent(after)).toBe(true)
    expect(refused(after)).toBe(true)
  })
})

function legacy(plain: string, by: Secret): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(by.reveal(), 'hex'), iv)
  return `${iv.toString('hex')}:${cipher.update(plain, 'utf8', 'hex')}${cipher.final('hex')}`
}
