import { describe, expect, it } from 'vitest'
import { readClaims } from './claims.js'

const now = Date.parse('2026-11-23T02:00:00Z')
const rules = { issuer: 'https://project.supabase.co/auth/v1', issuerRequired: true }
const good = { sub: 'ada', aud: 'authenticated', iss: rules.issuer, exp: now / 1000 + 60 }

const token = (claims: object, header: object = { alg: 'ES256' }) =>
  [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.c2lnbmVk')

describe('readClaims', () => {
  it('reads a token of ours', () => {
    expect(readClaims(token(good), rules, now)).toEqual({ subject: 'ada', expiresAt: now + 60_000 })
    expect(readClaims(token({ ...good, aud: ['other', 'authenticated'] }), rules, now)).not.toBeNull()
  })

  it.each([
    ['expired this very millisecond', token({ ...good, exp: now / 1000 })],
    ['not valid yet', token({ ...good, nbf: now / 1000 + 60 })],
    ['for another audience', token({ ...good, aud: 'anon' })],
    ['for no audience', token({ ...good, aud: undefined })],
    ['of another issuer', token({ ...good, iss: 'https://project.supabase.co.evil.example/auth/v1' })],
    ['of no issuer', token({ ...good, iss: undefined })],
    ['without an end', token({ ...good, exp: undefined })],
    ['without a subject', token({ ...good, sub: '' })],
    ['unsigned by its own word', token(good, { alg: 'none' })],
    ['unsigned in another spelling', token(good, { alg: 'NoNe' })],
    ['with an algorithm we do not take', token(good, { alg: 'HS512' })],
    ['not three parts', token(good).split('.').slice(0, 2).join('.')],
    ['not JSON', 'a.b.c'],
    ['endless', token({ ...good, more: 'x'.repeat(9_000) })],
  ])('refuses one that is %s', (_what, value) => {
    expect(readClaims(value, rules, now)).toBeNull()
  })

  it('takes one without an issuer where that is allowed, and still none of a foreign one', () => {
    const lenient = { ...rules, issuerRequired: false }
    expect(readClaims(token({ ...good, iss: undefined }), lenient, now)).not.toBeNull()
    expect(readClaims(token({ ...good, iss: 'https://evil.example' }), lenient, now)).toBeNull()
  })
})
