import { timeScale } from '@afo/kit'
import { limitReportOf } from '@afo/limiter'
import { all, answers } from '@afo/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge } from './judge.js'
import { outcomeToError } from './outcome.js'
import type { Exchange } from './sdk.js'

const scale = timeScale(1, false)
const reading = { write: false, read: all('Contacts', answers.contact) }
const writing = { ...reading, write: true }
const answered = (status: number, data: unknown = '', headers: Record<string, string> = {}): Exchange => ({
  kind: 'answered',
  status,
  headers,
  data,
})
const outcomes = (exchange: Exchange) => ({
  read: judge(exchange, reading, scale),
  write: judge(exchange, writing, scale),
})

// As recorded from Xero (2022 to 2026).
const validation = {
  ErrorNumber: 10,
  Type: 'ValidationException',
  Message: 'A validation exception occurred',
  Elements: [
    { ContactID: '3ff6d40c-af9a-40a3-89ce-3c1556a25591', Name: 'fine', ValidationErrors: [] },
    {
      ContactID: '00000000-0000-0000-0000-000000000000',
      ValidationErrors: [{ Message: 'Email address must be valid.' }],
    },
  ],
}
const expired = {
  Type: null,
  Title: 'Unauthorized',
  Status: 401,
  Detail: 'TokenExpired: token expired at 08/12/2022 07:00:40',
  Instance: '1',
  Extensions: {},
}
const unconnected = {
  Type: null,
  Title: 'Forbidden',
  Status: 403,
  Detail: 'AuthenticationUnsuccessful',
  Instance: '1',
  Extensions: {},
}

describe('what Xero says for certain', () => {
  it('a value', () => {
    expect(outcomes(answered(200, { Contacts: [] }))).toEqual({
      read: { kind: 'ok', value: [] },
      write: { kind: 'ok', value: [] },
    })
  })

  it('a refusal, with the messages of each element', () => {
    const { write } = outcomes(answered(400, validation))
    expect(write).toEqual({
      kind: 'rejected',
      status: 400,
      problem: {
        message: 'Email address must be valid.',
        validation: ['Email address must be valid.'],
        elements: [{ index: 1, messages: ['Email address must be valid.'] }],
        errorNumber: 10,
        type: 'ValidationException',
      },
    })
  })

  it('a 404 is null where absence is an answer, else a refusal, though it comes as empty HTML', () => {
    expect(judge(answered(404), { write: false, read: () => 'x', absent: null }, scale)).toEqual({
      kind: 'ok',
      value: null,
    })
    expect(outcomes(answered(404)).read).toMatchObject({
      kind: 'rejected',
      status: 404,
      problem: { message: 'Xero answered 404' },
    })
  })

  it('not connected any more', () => {
    expect(outcomes(answered(403, unconnected)).write).toEqual({
      kind: 'disconnected',
      reason: 'not-connected-at-xero',
    })
  })

  it.each(['insufficient_scope', 'insufficent_scope'])('a missing scope, spelt %s', (word) => {
    for (const status of [401, 403]) {
      const headers = { 'www-authenticate': `Bearer error="${word}"` }
      expect(outcomes(answered(status, expired, headers)).read).toEqual({
        kind: 'disconnected',
        reason: 'missing-scope',
      })
    }
  })

  it('a forbidden action of a connected user is a refusal', () => {
    expect(
      outcomes(answered(403, { Title: 'Forbidden', Detail: 'You are not allowed to approve invoices' })).write,
    ).toMatchObject({
      kind: 'rejected',
      problem: { message: 'You are not allowed to approve invoices', type: 'Forbidden' },
    })
  })

  it('an expired token was surely not executed', () => {
    expect(outcomes(answered(401, expired)).write).toMatchObject({ kind: 'unavailable' })
  })
})

describe('limits', () => {
  it.each([
    [{ 'retry-after': '26', 'x-rate-limit-problem': 'minute' }, 26_000, 'minute'],
    [{ 'retry-after': '66975', 'x-rate-limit-problem': 'Day' }, 66_975_000, 'day'],
    [{ 'x-rate-limit-problem': 'Concurrent' }, 1_000, 'concurrent'],
    [{ 'retry-after': '3', 'x-rate-limit-problem': 'appminute' }, 3_000, 'app'],
    [{}, 60_000, 'minute'],
  ])('429 with %j waits %d ms for the %s', (headers, retryAfterMs, reason) => {
    const said = { 'x-daylimit-remaining': '344', ...headers } as Record<string, string>
    expect(outcomes(answered(429, '', said)).write).toEqual({ kind: 'throttled', retryAfterMs, reason })
    expect(limitReportOf(429, said, scale)).toEqual({
      sent: true,
      minuteRemaining: null,
      dayRemaining: 344,
      pause: { ms: retryAfterMs, reason },
    })
  })

  it('an app that is nearly used up pauses too', () => {
    expect(limitReportOf(200, { 'x-appminlimit-remaining': '12' }, scale).pause).toEqual({
      ms: 5_000,
      reason: 'app',
    })
    expect(limitReportOf(200, { 'x-appminlimit-remaining': '9000' }, scale).pause).toBeNull()
  })
})

describe('what can not be known', () => {
  it.each([
    ['a 500', answered(500)],
    ['a 503', answered(503, 'organisation offline')],
    ['a 408', answered(408)],
    ['a redirect', answered(302, '', { location: 'https://elsewhere' })],
    ['a 200 of HTML', answered(200, '<html>')],
    ['a 200 of nothing', answered(200, '')],
    ['a 200 of half an answer', answered(200, { Contacts: [{ Name: 'no id' }] })],
    ['a reset connection', { kind: 'failed', sent: true, reason: 'ECONNRESET' } as const],
    ['a time-out', { kind: 'failed', sent: true, reason: 'ETIMEDOUT' } as const],
  ])('%s: a write is unknown, a read merely unavailable', (_, exchange) => {
    const { read, write } = outcomes(exchange)
    expect(write.kind).toBe('unknown')
    expect(read.kind).toBe('unavailable')
  })

  it.each([
    ['a refused connection', { kind: 'failed', sent: false, reason: 'ECONNREFUSED' } as const],
    ['a call held back', { kind: 'held' } as const],
  ])('%s was surely not executed', (_, exchange) => {
    expect(outcomes(exchange).write.kind).toBe('unavailable')
  })
})

it('has an outcome and an error for whatever may come', () => {
  const exchanges = fc.record({
    kind: fc.constant('answered' as const),
    status: fc.integer({ min: 100, max: 599 }),
    data: fc.anything(),
    headers: fc.dictionary(
      fc.constantFrom('retry-after', 'x-rate-limit-problem', 'www-authenticate', 'x-daylimit-remaining'),
      fc.string(),
    ),
  })
  fc.assert(
    fc.property(exchanges, (exchange) => {
      const { read, write } = outcomes(exchange)
      limitReportOf(exchange.status, exchange.headers, scale)
      for (const outcome of [read, write])
        if (outcome.kind !== 'ok') expect(outcomeToError(outcome).kind).not.toBe('bug')
      // Never taken for done, or for surely not done, when the server failed.
      if (exchange.status >= 500) expect(write.kind).toBe('unknown')
      return true
    }),
  )
})
