import { expect, test } from 'vitest'
import { grantFailure } from './grant-failure.js'
import { authEventIdOf } from './token-claims.js'

test('the identity server’s refusals by code and status', () => {
  const kinds = (
    [
      [400, 'invalid_grant'],
      [401, 'invalid_client'],
      [400, 'unauthorized_client'],
      [401, 'challenged'],
      [400, 'invalid_scope'],
      [429, 'slow_down'],
      [503, 'invalid_grant'],
      [200, 'unreadable'],
    ] as const
  ).map(([status, error]) => grantFailure(status, error).kind)
  expect(kinds).toEqual([
    'refused',
    'credentials',
    'credentials',
    'credentials',
    'invalid',
    'unavailable',
    'unavailable',
    'unavailable',
  ])
})

test('the consent an access token goes back to; opaque and broken ones name none', () => {
  const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
  expect(authEventIdOf(jwt({ authentication_event_id: 'e1' }))).toBe('e1')
  expect([jwt({}), 'opaque', 'a.%%%.c', ''].map(authEventIdOf)).toEqual([null, null, null, null])
})
