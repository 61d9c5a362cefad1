import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from './errors.js'
import type { Secret } from './secret.js'

/** Where a value belongs. It is part of what is authenticated: a value moved elsewhere can't be opened. */
export interface Place {
  readonly table: string
  readonly row: string
  readonly column: string
  /** Empty where the row belongs to no organisation. */
  readonly tenant: string
}

export interface Vault {
  /** Ciphertext of the form `v1:<key id>:<iv>:<ciphertext>:<mac>`, all hexadecimal. */
  seal(plain: string, place: Place): string
  /** @throws AppError `vault-unreadable`, the same whatever is wrong */
  open(value: string, place: Place): string
  /** Whether a value was sealed under the key in use rather than the previous one. */
  isCurrent(value: string): boolean
}

interface Keys {
  readonly id: string
  readonly encryption: Buffer
  readonly authentication: Buffer
}

// Lower-case hexadecimal only: an encoding with two spellings of one value would let a changed byte pass.
const form = /^v1:([0-9a-f]{16}):([0-9a-f]{32}):((?:[0-9a-f]{32})+):([0-9a-f]{64})$/

/**
 * The vault, for the one service that holds the keys (xero-auth): AES-256-CBC, then HMAC-SHA-256 over version, key id, place, iv and ciphertext, checked first and in constant time. Keys are derived
 * per purpose (HKDF-SHA-256) from keys of 64 hexadecimal digits; `previous` is accepted for opening, never used for sealing.
 */
export function createVault(current: Secret, previous?: Secret): Vault {
  const inUse = deriveKeys(current)
  const ring = new Map([...(previous ? [deriveKeys(previous)] : []), inUse].map((keys) => [keys.id, keys]))
  return {
    seal(plain, place) {
      const iv = randomBytes(16)
      const cipher = createCipheriv('aes-256-cbc', inUse.encryption, iv)
      const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      const mac = authenticate(inUse, place, iv, ciphertext)
      return ['v1', inUse.id, ...[iv, ciphertext, mac].map((part) => part.toString('hex'))].join(':')
    },
    open(value, place) {
      const [, id = '', ivHex = '', ciphertextHex = '', macHex = ''] = form.exec(value) ?? []
      const keys = ring.get(id)
      if (!keys) throw unreadable()
      const [iv, ciphertext, mac] = [ivHex, ciphertextHex, macHex].map((hex) => Buffer.from(hex, 'hex')) as [
        Buffer,
        Buffer,
        Buffer,
      ]
      if (!timingSafeEqual(mac, authenticate(keys, place, iv, ciphertext))) throw unreadable()
      const decipher = createDecipheriv('aes-256-cbc', keys.encryption, iv)
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8')
    },
    isCurrent: (value) => value.startsWith(`v1:${inUse.id}:`),
  }
}

const unreadable = () =>
  new AppError('bug', "A stored secret can't be read with the encryption keys in use", { code: 'vault-unreadable' })

function deriveKeys(key: Secret): Keys {
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key.reveal(), 'hex'), '', `ampedfieldops vault v1 ${purpose}`, length))
  return {
    id: derive('key id', 8).toString('hex'),
    encryption: derive('encryption', 32),
    authentication: derive('authentication', 32),
  }
}

/** Each part goes in with its length, so that no two different inputs read the same. */
function authenticate(keys: Keys, { table, row, column, tenant }: Place, iv: Buffer, ciphertext: Buffer): Buffer {
  const hmac = createHmac('sha256', keys.authentication)
  for (const part of ['v1', keys.id, table, row, column, tenant, iv, ciphertext]) {
    const bytes = Buffer.from(part as string)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hmac.update(length).update(bytes)
  }
  return hmac.digest()
}
