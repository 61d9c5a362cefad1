import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { derivedId, fingerprint } from './ids.js'

test('a derived id is a strict UUID and the same for the same parts', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
      const id = derivedId(...parts)
      expect(z.uuid().safeParse(id).success).toBe(true)
      expect(derivedId(...parts)).toBe(id)
    }),
  )
})

test('parts are kept apart', () => {
  expect(derivedId('ab', 'c')).not.toBe(derivedId('a', 'bc'))
})

test('a fingerprint does not depend on the order of keys, but on everything else', () => {
  expect(fingerprint({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 }))
  expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }))
  expect(fingerprint({ a: undefined })).toBe(fingerprint({}))
  expect(fingerprint({ a: null })).not.toBe(fingerprint({}))
})
