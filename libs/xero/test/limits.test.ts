import { sleep, withContext } from '@afo/kit'
import { readQuota } from '@afo/limiter'
import { json } from '@afo/testing'
import { describe, expect, it } from 'vitest'
import { headers, id, invoice, issued, person, secret, useXero } from './support/rig.js'

const rig = useXero()

describe('connection and limits', () => {
  it('asks for another token once after a 401, and goes on', async () => {
    rig.answer = (call, response) =>
      call.headers.authorization?.endsWith('-0')
        ? json(response, 401, { Detail: 'TokenExpired' }, headers)
        : json(response, 200, { Invoices: [issued] }, headers)
    expect(await rig.xero.invoices.create([invoice], { priority: 'invoice', idempotencyKey: 'k' })).toMatchObject({
      kind: 'ok',
    })
    expect(rig.tokens.rejected).toEqual([`${secret}-0`])
    expect(rig.stub.arrived.map((call) => call.headers['idempotency-key'])).toEqual(['k', 'k'])
    expect(rig.records.map((call) => call.status)).toEqual([401, 200])
  })

  it('asks twice and no more', async () => {
    rig.answer = (_, response) => json(response, 401, { Detail: 'TokenExpired' }, headers)
    expect(await rig.xero.items.list({}, person)).toMatchObject({ kind: 'unavailable' })
    expect(rig.stub.arrived).toHaveLength(2)
  })

  it('reports once that Xero is not connected any more', async () => {
    rig.answer = (_, response) =>
      json(response, 403, { Title: 'Forbidden', Status: 403, Detail: 'AuthenticationUnsuccessful' }, headers)
    expect(await rig.xero.items.list({}, person)).toEqual({ kind: 'disconnected', reason: 'not-connected-at-xero' })
    expect(rig.tokens.reported).toEqual([`${rig.tokens.tenantId} not-connected-at-xero`])
  })

  it('stops everyone on a 429 and shuts the gate', async () => {
    await rig.xero.items.list({}, person)
    expect(await rig.xero.gate()).toBe(true)
    rig.answer = (_, response) =>
      response
        .writeHead(429, {
          'Retry-After': '26',
          'X-Rate-Limit-Problem': 'minute',
          'X-DayLimit-Remaining': '344',
          'X-MinLimit-Remaining': '0',
        })
        .end()
    expect(await rig.xero.items.list({}, person)).toEqual({ kind: 'throttled', retryAfterMs: 26_000, reason: 'minute' })
    expect(await rig.xero.items.list({}, person)).toMatchObject({ kind: 'throttled', reason: 'minute' })
    expect(rig.stub.arrived).toHaveLength(2)
    await sleep(300)
    expect(await rig.xero.gate()).toBe(false)
    expect((await readQuota(rig.runScript, rig.tokens.tenantId)).day.remaining).toBe(344)
  })

  it('opens the breaker on trouble, shuts the gate, and burns no attempt', async () => {
    rig.answer = (_, response) => json(response, 503, {}, headers)
    for (let i = 0; i < 5; i++) await rig.xero.items.list({}, person)
    expect(await rig.xero.items.list({}, person)).toMatchObject({ kind: 'unavailable', open: true })
    expect(rig.stub.arrived).toHaveLength(5)
    expect(await rig.xero.gate()).toBe(false)
  })

  it('lets a person past its own crowd', async () => {
    rig.answer = async (_, response) => {
      await sleep(30)
      json(response, 200, { Items: [], Contacts: [] }, headers)
    }
    const crowd = Array.from({ length: 30 }, () => rig.xero.items.list({}, { priority: 'reconcile' }))
    await rig.xero.contacts.list({}, person)
    expect(rig.stub.arrived.findIndex((call) => call.url.includes('/Contacts'))).toBeLessThanOrEqual(1)
    await Promise.all(crowd)
    expect(rig.stub.arrived).toHaveLength(31)
  })
})

describe('what is kept', () => {
  it('every call, its cost charged to the command, bodies of writes without personal data', async () => {
    rig.answer = (_, response) =>
      json(response, 200, { Contacts: [{ ContactID: id, Name: 'A', EmailAddress: 'a@b.c' }] }, headers)
    await withContext({ correlationId: 'command-1' }, () =>
      rig.xero.contacts.create([{ name: 'A', emailAddress: 'a@b.c' }], person),
    )
    await rig.xero.contacts.list({}, person)
    expect(rig.records).toMatchObject([
      {
        method: 'PUT',
        path: '/Contacts',
        endpoint: 'contacts',
        status: 200,
        outcome: 'ok',
        priority: 'person',
        service: 'invoicing',
        correlationId: 'command-1',
        xeroCorrelationId: 'c-1',
        dayRemaining: 900,
      },
      { method: 'GET', request: null, answer: null, correlationId: null },
    ])
    expect(rig.records[0]?.request).toEqual({ contacts: [{ name: 'A', emailAddress: '[redacted]' }] })
    expect(rig.records[0]?.answer).toMatchObject({ Contacts: [{ Name: 'A', EmailAddress: '[redacted]' }] })
    expect((await readQuota(rig.runScript, rig.tokens.tenantId)).spentToday.commands).toContainEqual({
      correlationId: 'command-1',
      calls: 1,
    })
    expect(await rig.registry.metrics()).toContain('xero_calls_total{endpoint="contacts",outcome="ok"} 2')
  })
})
