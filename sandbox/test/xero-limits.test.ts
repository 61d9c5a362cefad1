import { afterEach, describe, expect, it } from 'vitest'
import { connectApp, type XeroOptions } from '../src/xero/index.js'
import { app, type Connected, connected, invoice } from './xero-harness.js'

const open: Connected[] = []
const start = async (options: Partial<XeroOptions> = {}) => {
  const xero = await connected(options)
  open.push(xero)
  return xero
}
afterEach(async () => {
  for (const xero of open.splice(0)) await xero.close()
})

const limits = { enabled: true, perMinute: 60, concurrent: 5, perDay: 1000, appPerMinute: 10_000 }
const many = async (count: number, work: () => Promise<{ status: number }>) => {
  const statuses = []
  for (let i = 0; i < count; i++) statuses.push((await work()).status)
  return statuses
}

describe('limits', () => {
  it('admits 60 calls in any minute; the 61st is an empty 429 that says when to come back', async () => {
    const { xero, call } = await start({ limits })
    expect(new Set(await many(60, () => call('GET', '/Organisation')))).toEqual(new Set([200]))
    const refused = await call('GET', '/Organisation')
    expect([refused.status, refused.text, refused.headers.get('content-type')]).toEqual([429, '', null])
    expect(refused.headers.get('x-rate-limit-problem')).toBe('minute')
    expect(refused.headers.get('x-minlimit-remaining')).toBe('0')
    expect(refused.headers.get('x-daylimit-remaining')).toBe('940')
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(50)
    xero.control.moveClock({ advanceMs: (wait - 10) * 1000 })
    expect((await call('GET', '/Organisation')).status).toBe(429)
    xero.control.moveClock({ advanceMs: 11_000 })
    expect((await call('GET', '/Organisation')).status).toBe(200)
  })

  it('the window slides: what was spent half a minute ago still counts', async () => {
    const { xero, call } = await start({ limits })
    await many(30, () => call('GET', '/Organisation'))
    xero.control.moveClock({ advanceMs: 40_000 })
    await many(30, () => call('GET', '/Organisation'))
    expect((await call('GET', '/Organisation')).status).toBe(429)
    xero.control.moveClock({ advanceMs: 21_000 })
    const statuses = await many(31, () => call('GET', '/Organisation'))
    expect(statuses.filter((s) => s === 200)).toHaveLength(30)
  })

  it('a day is a day, and a refused call spends nothing', async () => {
    const { xero, call } = await start({ limits: { ...limits, perDay: 3 } })
    await many(3, () => call('GET', '/Organisation'))
    const refused = await call('GET', '/Organisation')
    expect(refused.headers.get('x-rate-limit-problem')).toBe('day')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_000)
    await many(5, () => call('GET', '/Organisation'))
    expect(xero.control.calls().filter((c) => c.admitted)).toHaveLength(3)
    expect(xero.control.calls().filter((c) => c.status === 429)).toHaveLength(6)
  })

  it('five at once; the sixth is told so without a Retry-After', async () => {
    const { xero, call } = await start({ limits })
    xero.control.addFault({ kind: 'slow', ms: 300, times: 5 })
    const replies = await Promise.all(Array.from({ length: 6 }, () => call('GET', '/Organisation')))
    const refused = replies.filter((r) => r.status === 429)
    expect(refused).toHaveLength(1)
    expect(refused[0]?.headers.get('x-rate-limit-problem')).toBe('concurrent')
    expect(refused[0]?.headers.get('retry-after')).toBeNull()
    expect(Math.max(...xero.control.calls().map((c) => c.concurrent))).toBe(5)
    expect((await call('GET', '/Organisation')).status).toBe(200)
  })

  it('organisations don’t share windows, and the windows shrink with the time scale', async () => {
    const { xero, call } = await start({ limits: { ...limits, perMinute: 2 }, timeScale: 10 })
    await many(2, () => call('GET', '/Organisation'))
    const refused = await call('GET', '/Organisation')
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(6)
    const tenantIds = xero.control.organisations().map((o) => o.OrganisationID)
    await connectApp(xero.url, app, { tenantIds })
    expect((await call('GET', '/Organisation', undefined, { 'xero-tenant-id': tenantIds[1] ?? '' })).status).toBe(200)
    xero.control.moveClock({ advanceMs: 6100 })
    expect((await call('GET', '/Organisation')).status).toBe(200)
  })

  it('shows full budgets when switched off', async () => {
    const { call } = await start()
    const { headers } = await call('GET', '/Organisation')
    expect(headers.get('x-minlimit-remaining')).toBe('60')
    expect(headers.get('x-appminlimit-remaining')).toBe('10000')
  })
})

describe('Idempotency-Key', () => {
  const contact = (Name: string) => ({ Contacts: [{ Name }] })

  it('replays the first answer, byte for byte, without doing the work again', async () => {
    const { xero, call } = await start()
    const first = await call('PUT', '/Contacts', contact('Once'), { 'idempotency-key': 'k1' })
    const second = await call('PUT', '/Contacts', contact('Once'), { 'idempotency-key': 'k1' })
    expect(second.text).toBe(first.text)
    expect(xero.control.calls().map((c) => c.replayed)).toEqual([false, true])
    expect(xero.control.ledger().contacts.filter((c) => c.Name === 'Once')).toHaveLength(1)
  })

  it('lives six minutes from the first call', async () => {
    const { xero, call } = await start()
    const send = () => call('POST', '/Contacts', contact('Six minutes'), { 'idempotency-key': 'k' })
    const { text } = await send()
    xero.control.moveClock({ advanceMs: 5 * 60_000 })
    expect((await send()).text).toBe(text)
    xero.control.moveClock({ advanceMs: 61_000 })
    expect((await send()).text).not.toBe(text)
  })

  it('refuses the key with another body, method or URL', async () => {
    const { call } = await start()
    const key = { 'idempotency-key': 'shared' }
    await call('PUT', '/Contacts', contact('A'), key)
    for (const [method, path, body] of [
      ['PUT', '/Contacts', contact('B')],
      ['POST', '/Contacts', contact('A')],
      ['PUT', '/Contacts?unitdp=4', contact('A')],
    ] as const) {
      const refused = await call(method, path, body, key)
      expect(refused.status).toBe(400)
      expect(refused.body.Message).toBe('Idempotency Key: shared is used with a different request.')
    }
  })

  it('keeps errors too, 500 included', async () => {
    const { xero, call } = await start()
    const bad = () => call('PUT', '/Contacts', contact(''), { 'idempotency-key': 'bad' })
    expect((await bad()).text).toBe((await bad()).text)
    xero.control.addFault({ kind: 'error-500' })
    const broken = () => call('PUT', '/Contacts', contact('Broken'), { 'idempotency-key': 'broken' })
    expect((await broken()).status).toBe(500)
    expect((await broken()).status).toBe(500)
    expect((await call('PUT', '/Contacts', contact('Broken'), { 'idempotency-key': 'fresh' })).status).toBe(200)
  })

  it('a twin in flight waits for the first one’s answer', async () => {
    const { xero, call } = await start()
    xero.control.addFault({ kind: 'slow', ms: 150 })
    const send = () => call('PUT', '/Contacts', contact('Twins'), { 'idempotency-key': 'twins' })
    const [a, b] = await Promise.all([send(), send()])
    expect(a.text).toBe(b.text)
    expect(xero.control.ledger().contacts.filter((c) => c.Name === 'Twins')).toHaveLength(1)
  })

  it('a 429 comes before the key and wrote nothing; a replay still costs a call', async () => {
    const { xero, call } = await start({ limits: { ...limits, perMinute: 2 } })
    const send = () => call('PUT', '/Contacts', contact('Paid for'), { 'idempotency-key': 'k' })
    const statuses = await many(3, send)
    expect(statuses).toEqual([200, 200, 429])
    xero.control.moveClock({ advanceMs: 61_000 })
    expect((await send()).status).toBe(200)
  })

  it('is ignored on reads, and refused above 128 characters', async () => {
    const { call } = await start()
    await call('GET', '/Contacts', undefined, { 'idempotency-key': 'read' })
    expect((await call('GET', '/Invoices', undefined, { 'idempotency-key': 'read' })).status).toBe(200)
    expect((await call('PUT', '/Contacts', contact('Long'), { 'idempotency-key': 'k'.repeat(129) })).status).toBe(400)
  })
})

describe('faults', () => {
  const committed = (xero: Connected, number: string) =>
    xero.xero.control.ledger().invoices.filter((i) => i.InvoiceNumber === number).length
  const prepare = async () => {
    const xero = await start()
    const contactId = xero.xero.control.ledger().contacts[0]?.ContactID ?? ''
    const send = (number: string, headers: Record<string, string> = {}) =>
      xero.call('PUT', '/Invoices', { Invoices: [invoice(contactId, { InvoiceNumber: number })] }, headers)
    return { xero, send }
  }

  it.each([
    ['error-500', 500, 0],
    ['error-503', 503, 0],
    ['error-500-after-commit', 500, 1],
    ['html-200', 200, 0],
    ['garbage-200-after-commit', 200, 1],
    ['rate-limit-minute', 429, 0],
    ['rate-limit-day', 429, 0],
  ] as const)('%s answers %i and leaves %i invoices', async (kind, status, count) => {
    const { xero, send } = await prepare()
    xero.xero.control.addFault({ kind, match: { method: 'put', path: '/Invoices' } })
    const reply = await send('F-1')
    expect(reply.status).toBe(status)
    expect(reply.body).toBeUndefined()
    expect(committed(xero, 'F-1')).toBe(count)
    expect(xero.xero.control.calls().at(-1)).toMatchObject({ fault: kind, endpoint: 'PUT /Invoices' })
    expect((await send('F-2')).status).toBe(200)
  })

  it.each([
    ['reset-before', 0],
    ['reset-after-commit', 1],
  ] as const)('%s cuts the connection and leaves %i invoices', async (kind, count) => {
    const { xero, send } = await prepare()
    xero.xero.control.addFault({ kind })
    await expect(send('F-1')).rejects.toThrow('fetch failed')
    expect(committed(xero, 'F-1')).toBe(count)
    await expect.poll(() => xero.xero.control.calls().at(-1)?.durationMs).not.toBeNull()
    expect(xero.xero.control.calls().at(-1)?.status).toBeNull()
  })

  it.each([
    ['timeout-before', 0],
    ['timeout-after-commit', 1],
  ] as const)(
    '%s never answers and leaves %i invoices; the slot is free once the caller gives up',
    async (kind, count) => {
      const { xero } = await prepare()
      const contactId = xero.xero.control.ledger().contacts[0]?.ContactID ?? ''
      xero.xero.control.addFault({ kind })
      const gaveUp = fetch(`${xero.xero.url}/api.xro/2.0/Invoices`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${xero.tokens.access_token}`,
          'xero-tenant-id': xero.tenantId,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ Invoices: [invoice(contactId, { InvoiceNumber: 'F-1' })] }),
        signal: AbortSignal.timeout(250),
      })
      await expect(gaveUp).rejects.toThrow()
      expect(committed(xero, 'F-1')).toBe(count)
      await expect.poll(() => xero.xero.control.world.limiter.running(xero.tenantId)).toBe(0)
    },
  )

  it('after a lost answer the same key gives the answer that was lost', async () => {
    const { xero, send } = await prepare()
    xero.xero.control.addFault({ kind: 'reset-after-commit' })
    await expect(send('F-1', { 'idempotency-key': 'lost' })).rejects.toThrow('fetch failed')
    const retry = await send('F-1', { 'idempotency-key': 'lost' })
    expect(retry.body.Invoices[0].InvoiceNumber).toBe('F-1')
    expect(committed(xero, 'F-1')).toBe(1)
  })

  it('slow does the work late, even for a caller who has gone', async () => {
    const { xero } = await prepare()
    const contactId = xero.xero.control.ledger().contacts[0]?.ContactID ?? ''
    xero.xero.control.addFault({ kind: 'slow', ms: 400 })
    const gone = fetch(`${xero.xero.url}/api.xro/2.0/Invoices`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${xero.tokens.access_token}`,
        'xero-tenant-id': xero.tenantId,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ Invoices: [invoice(contactId, { InvoiceNumber: 'LATE' })] }),
      signal: AbortSignal.timeout(100),
    })
    await expect(gone).rejects.toThrow()
    expect(committed(xero, 'LATE')).toBe(0)
    await expect.poll(() => committed(xero, 'LATE')).toBe(1)
  })

  it('strikes what it matches, as often as asked, and stops when cleared', async () => {
    const { xero, send } = await prepare()
    const { control } = xero.xero
    control.addFault({ kind: 'error-503', match: { body: 'F-2' }, times: 2 })
    expect(await many(1, () => send('F-1'))).toEqual([200])
    expect(await many(3, () => send('F-2'))).toEqual([503, 503, 200])
    control.addFault({ kind: 'error-503', times: 0 })
    expect(await many(3, () => xero.call('GET', '/Items'))).toEqual([503, 503, 503])
    control.clearFaults()
    expect((await xero.call('GET', '/Items')).status).toBe(200)
  })

  it('disconnect answers 403 from then on', async () => {
    const { xero } = await prepare()
    xero.xero.control.addFault({ kind: 'disconnect' })
    expect(await many(2, () => xero.call('GET', '/Items'))).toEqual([403, 403])
  })
})
