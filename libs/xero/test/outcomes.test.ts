import { once } from 'node:events'
import { createLog, Registry, timeScale, withContext } from '@afo/kit'
import { type Answer, json } from '@afo/testing'
import { describe, expect, it } from 'vitest'
import { createXero } from '../src/index.js'
import { invoice, issued, person, useXero } from './support/rig.js'

const rig = useXero()

describe('what may have happened', () => {
  it.each([
    [
      'a page of HTML with status 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['an empty 200', (_, response) => response.writeHead(200).end()],
    [
      'half a JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"Invoices":['),
    ],
    ['a date that is none', (_, response) => json(response, 200, { Invoices: [{ ...issued, Date: '/Date(' }] })],
    ['a 500', (_, response) => json(response, 500, {})],
    ['a 503', (_, response) => response.writeHead(503).end('The Organisation is offline')],
    ['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    ['a cut connection', (_, response) => response.destroy()],
  ] satisfies [string, Answer][])(
    'after %s a create is unknown, a read unavailable',
    async (_, told) => {
      rig.answer = told
      const write = await rig.xero.invoices.create([invoice], { priority: 'invoice' })
      const read = await rig.xero.invoices.list({}, person)
      expect(write.kind).toBe('unknown')
      expect(read.kind).toBe('unavailable')
      expect(rig.stub.arrived).toHaveLength(2)
    },
    20_000,
  )

  it('after silence the same, by the abort of the call itself and not by the breaker that gives it up later', async () => {
    const aborted: Promise<unknown>[] = []
    rig.answer = (_, response) => void aborted.push(once(response, 'close'))
    const write = await rig.xero.invoices.create([invoice], { priority: 'invoice' })
    const read = await rig.xero.invoices.list({}, person)
    expect(write).toEqual({ kind: 'unknown', reason: 'ETIMEDOUT' })
    expect(read).toMatchObject({ kind: 'unavailable', reason: 'ETIMEDOUT' })
    expect(await Promise.all(aborted)).toHaveLength(2)
  })

  it('is unknown when Xero answers for another invoice', async () => {
    rig.answer = (_, response) => json(response, 200, { Invoices: [{ ...issued, InvoiceNumber: 'AFO-00002' }] })
    expect(await rig.xero.invoices.create([invoice], { priority: 'invoice' })).toMatchObject({ kind: 'unknown' })
  })

  it('nothing, when nobody listens', async () => {
    await rig.stub.close()
    expect(await rig.xero.invoices.create([invoice], { priority: 'invoice' })).toMatchObject({
      kind: 'unavailable',
      reason: 'ECONNREFUSED',
    })
  })

  it('nothing, to an organisation that people have left: the token is forgotten', async () => {
    for (const now of ['another', null]) {
      rig.inUse = now
      expect(await rig.xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
    }
    expect(rig.stub.arrived).toHaveLength(0)
    expect(rig.tokens.forgotten).toBe(2)
  })

  it('nothing, when another organisation was chosen while the call waited for its turn', async () => {
    const { get } = rig.tokens
    let asked = 0
    rig.tokens.get = async () => ({ ...(await get()), ...(asked++ === 0 ? {} : { tenantId: 'another' }) })
    expect(await rig.xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
    expect(rig.stub.arrived).toHaveLength(0)
  })

  it('nothing, to another organisation than the same work called before', async () => {
    const other = `${rig.tokens.tenantId}-other`
    await withContext({ correlationId: 'command-1' }, async () => {
      await rig.xero.invoices.list({}, person)
      rig.inUse = rig.tokens.tenantId = other
      expect(await rig.xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
      expect(rig.stub.arrived).toHaveLength(1)
    })
    await withContext({ correlationId: 'command-1' }, () => rig.xero.invoices.list({}, person))
    expect(rig.stub.arrived).toHaveLength(2)
  })

  it('nothing, when Redis is gone: no call without the limiter', async () => {
    const lost = createXero({
      apiUrl: rig.stub.url,
      tokens: rig.tokens,
      inUse: async () => rig.inUse,
      runScript: () => Promise.reject(Object.assign(new Error('gone'))),
      log: createLog('test', 'fatal'),
      registry: new Registry(),
      service: 'invoicing',
      scale: timeScale(20, false),
      record: async () => {},
    })
    await expect(lost.invoices.create([invoice], person)).rejects.toMatchObject({ kind: 'bug' })
    expect(rig.stub.arrived).toHaveLength(0)
    await lost.close()
  })

  it('is unknown when the caller gives up after sending', async () => {
    const given = new AbortController()
    rig.answer = () => given.abort()
    expect(await rig.xero.invoices.create([invoice], { priority: 'invoice', signal: given.signal })).toEqual({
      kind: 'unknown',
      reason: 'cancelled',
    })
  })

  it('and was not done when the caller gave up before', async () => {
    expect(
      await rig.xero.invoices.create([invoice], { priority: 'invoice', signal: AbortSignal.abort() }),
    ).not.toMatchObject({ kind: 'unknown' })
    expect(rig.stub.arrived).toHaveLength(0)
  })
})
