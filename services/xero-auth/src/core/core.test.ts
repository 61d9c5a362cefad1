import { describe, expect, test } from 'vitest'
import { config } from '../config.js'
import { daysLeft, missingScopes, warningDue } from './health.js'
import { planOrganisation } from './organisations.js'

const day = 86_400_000

describe('token health', () => {
  test('counts down from 60 days and warns at 14, 7 and 1', () => {
    expect([0, 45.5, 46, 53, 58.9, 59, 61].map((age) => daysLeft(age * day))).toEqual([60, 15, 14, 7, 2, 1, 0])
    expect([60, 15, 14, 8, 7, 2, 1, 0].map(warningDue)).toEqual([null, null, 14, 14, 7, 7, 1, 1])
  })

  test('a scope covers its own .read, and sign-in scopes are never missed', () => {
    const asked = ['openid', 'accounting.contacts', 'accounting.payments.read', 'accounting.settings.read']
    expect(missingScopes(asked, ['accounting.payments', 'accounting.settings.read'])).toEqual(['accounting.contacts'])
  })
})

describe('which organisation a consent connects', () => {
  const at = (tenantId: string, authEventId: string | null = null) => ({
    connectionId: `c-${tenantId}`,
    tenantId,
    tenantName: tenantId,
    authEventId,
  })
  const taken = (plan: ReturnType<typeof planOrganisation>) =>
    plan.kind === 'take' ? plan.organisation.tenantId : plan.kind

  test.each([
    ['none', [], 'e', null, 'none'],
    ['the only one', [at('a')], null, null, 'a'],
    ['the one of this consent, not an older one', [at('a', 'old'), at('b', 'new')], 'new', 'a', 'b'],
    ['of several, the one in use', [at('a', 'new'), at('b', 'new')], 'new', 'b', 'b'],
    ['of several, a person chooses', [at('a', 'new'), at('b', 'new')], 'new', null, 'choose'],
    ['an unknown event counts all', [at('a', 'old'), at('b', 'old')], 'new', null, 'choose'],
  ])('%s', (_name, listed, event, inUse, expected) => {
    expect(taken(planOrganisation(listed, event, inUse))).toBe(expected)
  })
})

test('plain http is for names beside us only', () => {
  const taken = (url: string) => config.shape.XERO_IDENTITY_URL.safeParse(url).success
  expect(['https://identity.xero.com', 'http://localhost:1', 'http://127.0.0.1:1', 'http://xero:1'].map(taken)).toEqual(
    Array(4).fill(true),
  )
  expect(
    ['http://identity.xero.com', 'ftp://localhost', 'http://10.0.0.1', 'http://127.0.0.1.evil.com'].map(taken),
  ).toEqual(Array(4).fill(false))
})
