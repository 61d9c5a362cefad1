import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { type Verdict, verdictsAnswer } from '@afo/contracts'
import type { FaultKind } from '@afo/sandbox/xero'
import { publishCommand } from '@afo/service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

/** Failures of each kind. VERDICTS=50 runs all ways of losing an answer, 550 failures in all; a slice of it is in the suite. */
const each = Number(process.env.VERDICTS || 4)
const serviceToken = randomUUID()

let it: Company
let url: string
beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/verdicts`
  it = await company({ timeScale: 60, environment: { PORT: String(port), SERVICE_TOKEN: serviceToken } })
})
afterAll(() => it?.rig.close())

/** How an answer is lost, and whether Xero did the work. */
const allLosses: readonly (readonly [FaultKind, boolean])[] = [
  ['garbage-200-after-commit', true],
  ['html-200', false],
  ['error-500-after-commit', true],
  ['garbage-200-after-commit', true],
  ['html-200', false],
  ['reset-after-commit', true],
  ['html-200', false],
  ['garbage-200-after-commit', true],
  ['error-503', false],
  ['html-200', false],
]
const losses = process.env.VERDICTS ? allLosses : allLosses.slice(0, 3)
const failures = (losses.length + 1) * each

test(`a verdict on each of ${failures} failures, compared with what Xero has: none wrong`, {
  timeout: 900_000,
}, async () => {
  const { rig } = it
  const { control } = rig.xero
  const person = control.person()
  await it.warm()

  // Refused for good: the contacts are archived in Xero without our knowing.
  const archived = await jobs()
  for (const { contactId } of archived) person.archiveContact(contactId as string)
  await it.create()
  await rig.sql("update timesheets set status = 'draft'")

  // Answers lost, and Xero unreadable afterwards, so that they stay in doubt.
  control.addFault({ kind: 'html-200', match: { method: 'GET', path: '/Invoices' }, times: 0 })
  for (const [kind] of losses) {
    await jobs()
    const before = await doubtful()
    control.addFault({ kind, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
    await publishCommand(rig, {
      id: randomUUID(),
      name: 'invoices.create',
      body: {},
      askedBy: 'test',
      triggeredBy: 'manual',
    })
    await rig.until(`${each} more in doubt by ${kind}`, async () => (await doubtful()) >= before + each, 60_000)
    // Its next try would look in vain; the sweep has them from now on.
    await rig.sql("update commands set state = 'cancelled' where state in ('queued', 'running')")
  }
  await rig.db.rpc('sync_pause', { p_services: ['invoicing'], p_by: 'test', p_reason: null })
  await rig.until('nothing to run any more', async () => {
    const [row] = await rig.sql("select count(*)::int as n from commands where state = 'running'")
    return row?.n === 0
  })
  control.clearFaults()
  await rig.until('no request still on its way', async () => {
    const [row] = await rig.sql("select max(sent_at) < now() - interval '11 seconds' as old from invoices")
    return row?.old as boolean
  })
  // A person changes some of what is there before we have seen it.
  const there = (await rows()).filter(({ number }) => documentOf(number))
  const edited = new Set(there.slice(0, Math.ceil(each / 2)).map(({ id }) => id))
  for (const { id, number } of there)
    if (edited.has(id))
      person.editInvoice(number, {
        LineItems: [{ Description: 'Changed', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
      })

  const asked = await rows()
  const verdicts = await ask(asked.map(({ id }) => id))
  expect(Math.max(...[...verdicts.values()].map(({ calls }) => calls))).toBeLessThanOrEqual(2)

  const wrong = asked.filter(({ id, number }) => {
    const verdict = verdicts.get(id)
    const document = documentOf(number)
    if (edited.has(id)) return verdict?.verdict !== 'unsure'
    return document
      ? verdict?.verdict !== 'there' || verdict.xero?.id !== document.InvoiceID
      : verdict?.verdict !== 'safe'
  })
  const count = (kind: Verdict['verdict']) => [...verdicts.values()].filter(({ verdict }) => verdict === kind).length
  const counts = { safe: count('safe'), there: count('there'), unsure: count('unsure'), wrong: wrong.length }
  console.info(JSON.stringify({ failures: verdicts.size, ...counts }))
  expect(wrong).toEqual([])
  expect(asked.length).toBeGreaterThanOrEqual(failures - each)

  // What Xero has is adopted at once, with its hours; the rest is sent once, and nothing twice.
  const adopted = await rig.sql(
    "select count(*)::int as n from invoices where state = 'issued' and number = any(select jsonb_array_elements_text($1::jsonb))",
    [JSON.stringify(there.filter(({ id }) => !edited.has(id)).map(({ number }) => number))],
  )
  expect(adopted[0]?.n).toBe(there.length - edited.size)
  await rig.db.rpc('sync_resume', { p_services: ['invoicing'] })
  await rig.until('the rest to be settled', async () => {
    const [row] = await rig.sql(
      "select count(*)::int as n from invoices where state in ('claimed', 'sending', 'unknown')",
    )
    return row?.n === edited.size
  })
  const numbers = it.documents().map((document) => document.InvoiceNumber)
  expect(new Set(numbers).size).toBe(numbers.length)
  const [left] = await rig.sql("select count(*)::int as n from timesheets where status = 'approved' and not invoiced")
  expect(left?.n).toBe(edited.size)
})

test('of what was sent to another organisation this one is not asked', async () => {
  await it.clear()
  await jobs()
  await it.create()
  await it.settled()
  await it.rig.sql("update invoices set sent_tenant = 'the one before'")
  const [doubt, ...rest] = await it.rig.sql<{ id: string }>('select id::text from invoices')
  await it.rig.sql("update invoices set state = 'unknown', wait_until = now() + interval '1 hour' where id = $1", [
    doubt?.id ?? '',
  ])
  it.rig.xero.control.clearCalls()
  const verdicts = await ask([doubt, ...rest].map((row) => row?.id ?? ''))
  expect(verdicts.get(doubt?.id ?? '')).toMatchObject({ verdict: 'unsure', because: expect.stringContaining('before') })
  for (const { id } of rest)
    expect(verdicts.get(id)).toMatchObject({ verdict: 'safe', because: expect.stringContaining('settled') })
  expect(it.rig.xero.control.callsByEndpoint()).toEqual({})
})

const jobs = () =>
  Promise.all(Array.from({ length: each }, () => it.job({ po: `PO ${randomUUID()}`, sheets: [{ hours: '2' }] })))

const rows = () =>
  it.rig.sql<{ id: string; number: string }>(
    `select i.id::text, i.number from invoices i where i.state in ('claimed', 'sending', 'unknown', 'refused')
       and exists (select from xero_failures f where f.entity_id = i.id::text and f.resolved_at is null) order by number`,
  )

async function doubtful(): Promise<number> {
  const [row] = await it.rig.sql(
    "select count(*)::int as n from xero_failures where code = 'AFO-416' and resolved_at is null",
  )
  return row?.n as number
}

const documentOf = (number: string) => it.documents().find((document) => document.InvoiceNumber === number)

async function ask(ids: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  const all = new Map<string, Verdict>()
  for (let at = 0; at < ids.length; at += 400) {
    // An open breaker ends by itself.
    const answer = await it.rig.until('Xero to be asked', async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ids: ids.slice(at, at + 400) }),
      })
      const body = await response.text()
      if (!response.ok && response.status !== 503) throw new Error(body)
      return response.ok && JSON.parse(body)
    })
    const { verdicts } = verdictsAnswer.parse(answer)
    for (const { entityId, verdict } of verdicts) all.set(entityId, verdict)
  }
  return all
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
