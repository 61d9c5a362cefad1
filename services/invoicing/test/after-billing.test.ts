import { causeInWords, type FailureContext, planRetry } from '@afo/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

const put = { method: 'PUT', path: '/Invoices(\\?|$)' }
const sheets = [{ hours: '8', date: '2026-11-20' }]

const told = () =>
  it.rig.sql<{ message: string; count: number; state: string; entity_id: string }>(
    `select message, count, coalesce(resolution, 'open') as state, entity_id from xero_failures where entity = 'invoice' and code = 'AFO-423' order by first_seen_at`,
  )
const edit = (set: string, where = 'true') => it.rig.sql(`update timesheets set ${set} where ${where}`)

/** An invoice that was issued, of one cost centre with these timesheets. */
async function billed(of: Parameters<Company['job']>[0]['sheets'] = sheets) {
  const job = await it.job({ sheets: of })
  await it.create({ costCenterId: job.costCenterId })
  const [invoice] = await it.invoices()
  if (invoice?.state !== 'issued') throw new Error(`Not issued: ${JSON.stringify(invoice)}`)
  return { ...job, invoiceId: String(invoice.id), number: String(invoice.number) }
}

describe('hours that are changed after they were billed', () => {
  test('are one line of the invoice, in words, until they are put back', async () => {
    const { invoiceId, number } = await billed()
    await edit('hours = 10')
    const message = `Timesheet of 2026-11-20 (Aroha) was 8 h when ${number} was made and is 10 h now`
    expect(await told()).toEqual([{ message, count: 1, state: 'open', entity_id: invoiceId }])
    await edit('hours = 12')
    expect(await told()).toMatchObject([{ message: message.replace('10 h', '12 h'), count: 2, state: 'open' }])
    await edit('hours = 8.0000')
    expect(await told()).toMatchObject([{ count: 2, state: 'fixed' }])
    await edit("worker_name = 'Wiremu', hours = 8, rate = 95.5")
    expect(await told()).toHaveLength(1)
  })

  test('whatever decides the money or the claim is told, and closes when it is put back', async () => {
    await billed()
    await it.rig.sql('create table as_billed as select * from timesheets')
    const back = ['hours', 'rate', 'activity_type_id', 'cost_center_id', 'work_date', 'status', 'billed_elsewhere_at']
    const travel = "(select id from activity_types where name = 'Travel')"
    try {
      for (const [change, was, is] of [
        ['hours = null', 'was 8 h when', 'is without hours now'],
        ['rate = 100', 'was at 95.5 an hour when', 'is at 100 an hour now'],
        ['hours = 9, rate = 90', 'was 8 h, at 95.5 an hour when', 'is 9 h, at 90 an hour now'],
        [`activity_type_id = ${travel}`, 'was Electrician, at 95.5 an hour when', 'is Travel, at 62.25 an hour now'],
        [`activity_type_id = ${travel}, rate = 95.5`, 'was Electrician when', 'is Travel now'],
        ["work_date = '2026-11-21'", 'was of 2026-11-20 when', 'is of 2026-11-21 now'],
        ['cost_center_id = null', 'was on PROJECT', 'is on no cost centre now'],
        ["status = 'rejected'", 'was approved when', 'is rejected now'],
        ['billed_elsewhere_at = now()', 'was not billed elsewhere when', 'is billed elsewhere now'],
      ] as const) {
        await it.rig.sql('delete from xero_failures')
        await edit(change)
        expect(await told(), change).toMatchObject([{ state: 'open' }])
        const [{ message } = { message: '' }] = await told()
        expect(message).toContain(was)
        expect(message).toContain(is)
        await it.rig.sql(
          `update timesheets t set ${back.map((column) => `${column} = b.${column}`).join(', ')} from as_billed b where b.id = t.id`,
        )
        expect(await told(), change).toMatchObject([{ state: 'fixed' }])
      }
    } finally {
      await it.rig.sql('drop table as_billed')
    }
  })

  test('a default rate that changes by itself is no change of the row', async () => {
    await billed()
    await it.rig.sql("update activity_types set default_rate = 120 where name = 'Electrician'")
    try {
      await edit('hours = 10')
      expect(await told()).toMatchObject([{ message: expect.stringMatching(/was 8 h when .* is 10 h now$/) }])
      await edit('hours = 8')
      expect(await told()).toMatchObject([{ state: 'fixed' }])
    } finally {
      await it.rig.sql("update activity_types set default_rate = 95.5 where name = 'Electrician'")
    }
  })

  test('a row that is gone', async () => {
    const { number } = await billed()
    await it.rig.sql('delete from timesheets')
    expect(await told()).toMatchObject([
      { message: `Timesheet of 2026-11-20 (Aroha) was 8 h when ${number} was made and is gone now`, state: 'open' },
    ])
  })

  test('several of one invoice: one line names all, and each goes when it is put back', async () => {
    await billed([...sheets, { hours: '4', date: '2026-11-21' }])
    await edit('hours = hours + 1')
    expect(await told()).toMatchObject([
      { message: expect.stringMatching(/11-20 .* 8 h .* 9 h now; .*11-21 .* 4 h .* 5 h now$/), state: 'open' },
    ])
    await edit('hours = 8', "work_date = '2026-11-20'")
    expect(await told()).toMatchObject([{ message: expect.stringMatching(/^Timesheet of 2026-11-21/), state: 'open' }])
    await edit('hours = 4', "work_date = '2026-11-21'")
    expect(await told()).toMatchObject([{ state: 'fixed' }])
  })

  test('dismissed, it stays so; changed once more, it is still told what was billed', async () => {
    await billed()
    await edit('hours = 10')
    await it.rig.sql("update xero_failures set resolved_at = now(), resolution = 'dismissed'")
    await edit('hours = 8')
    expect(await told()).toMatchObject([{ state: 'dismissed' }])
    await edit('hours = 11')
    expect(await told()).toMatchObject([
      { state: 'dismissed' },
      { message: expect.stringMatching(/was 8 h .* is 11 h now/), state: 'open' },
    ])
  })

  test('while the answer of Xero is out: told, and still told once it is issued', async () => {
    const { costCenterId } = await it.job({ sheets })
    it.rig.xero.control.addFault({ kind: 'reset-after-commit', match: put })
    it.rig.xero.control.addFault({ kind: 'error-503', times: 4, match: { method: 'GET', path: '/Invoices' } })
    const running = it.create({ costCenterId })
    await it.rig.until('doubt', async () => (await it.invoices()).some(({ state }) => state === 'unknown'))
    await edit('hours = 10')
    expect(await told()).toMatchObject([{ state: 'open' }])
    expect((await unbilled()).map(({ cause }) => cause)).not.toContain('AFO-423')
    await running
    await it.settled()
    expect(await it.invoices()).toMatchObject([{ state: 'issued', net: '764.00' }])
    expect(await told()).toMatchObject([{ message: expect.stringMatching(/was 8 h .* is 10 h now/), state: 'open' }])
  })

  test('voided: it closes, and the hours are billed as they are now', async () => {
    const { costCenterId, invoiceId } = await billed()
    await edit('hours = 10')
    expect(await it.rig.run('invoices.void', { invoiceId })).toMatchObject({ state: 'done' })
    expect(await told()).toMatchObject([{ state: 'fixed' }])
    await it.create({ costCenterId })
    await it.settled()
    expect((await it.invoices()).map(({ state, net }) => [state, net])).toEqual([
      ['voided', '764.00'],
      ['issued', '955.00'],
    ])
    expect(await told()).toHaveLength(1)
    await edit('hours = 11')
    expect(await told()).toMatchObject([{}, { message: expect.stringMatching(/was 10 h .* is 11 h now/) }])
  })

  test('given up: it closes too', async () => {
    const { invoiceId, number } = await billed()
    await it.rig.sql(
      `update invoices set state = 'unknown', xero_invoice_id = null, number = $1, sent_at = now() - interval '1 minute', wait_until = now() + interval '1 hour'`,
      [`AFO-8${number.slice(-4)}`],
    )
    await edit('invoiced = false, hours = 10')
    expect(await told()).toMatchObject([{ state: 'open' }])
    expect(await it.rig.run('invoices.void', { invoiceId })).toMatchObject({ state: 'done' })
    expect(await it.invoices()).toMatchObject([{ state: 'refused' }])
    expect(await told()).toMatchObject([{ state: 'fixed' }])
  })

  test('what we write ourselves, and what is on no invoice, is no change', async () => {
    const { costCenterId, invoiceId } = await billed()
    await it.rig.run('invoices.void', { invoiceId })
    await edit('hours = 10')
    await it.rig.db.rpc('sync_timesheets_billed_elsewhere', {
      p_ids: null,
      p_cost_center_id: costCenterId,
      p_up_to: '2026-12-31',
      p_elsewhere: true,
      p_by: 'ada',
      p_reason: 'by hand',
    })
    await it.rig.sql('delete from timesheets')
    expect(await told()).toEqual([])
  })

  test("the application's own role changes its rows as before", async () => {
    await billed()
    await it.rig.sql('grant select, update on timesheets to authenticated')
    await it.rig.sql('create policy app on timesheets to authenticated using (true)')
    try {
      await it.rig.sql('do $$ begin set local role authenticated; update timesheets set hours = 10; end $$')
    } finally {
      await it.rig.sql('drop policy app on timesheets')
      await it.rig.sql('revoke all on timesheets from authenticated')
    }
    expect(await told()).toMatchObject([{ state: 'open' }])
  })

  test('a retry bills nothing', () => {
    const row = { entity: 'invoice', code: 'AFO-423', state: 'open', invoice: { state: 'issued', xeroInvoiceId: 'x' } }
    expect(planRetry(row as FailureContext, undefined)).toMatchObject({ outcome: 'nothing' })
  })
})

const unbilled = () =>
  it.rig.sql<{ cause: string; timesheets: number }>(
    "select cause, timesheets::int from sync_unbilled('UTC') order by cause",
  )

describe('approved hours that nobody could bill say what they lack', () => {
  test('a cost centre', async () => {
    await it.job({ sheets })
    const { costCenterId } = await it.job({ sheets })
    await edit('cost_center_id = null', `cost_center_id = '${costCenterId}'`)
    expect(await unbilled()).toEqual([
      { cause: 'no-cost-centre', timesheets: 1 },
      { cause: 'ready', timesheets: 1 },
    ])
    expect(causeInWords('no-cost-centre')).toMatchObject({
      title: expect.stringMatching(/no cost centre/i),
      remedy: expect.stringMatching(/choose one in AmpedFieldOps/i),
    })
  })

  test("a client of the project's: the same words in the list, in the run and in the inbox, until one is chosen", async () => {
    const { costCenterId, clientId } = await it.job({ sheets })
    await it.rig.sql('update projects set client_id = null')
    expect(await unbilled()).toEqual([{ cause: 'AFO-424', timesheets: 1 }])
    expect(causeInWords('AFO-424').remedy).toMatch(/choose .*client.* in AmpedFieldOps/i)
    expect(await it.create()).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-424', costCenterId }] } })
    expect((await it.failures()).map(({ code }) => code)).toEqual(['AFO-424'])
    await it.rig.sql('update projects set client_id = $1', [clientId])
    await it.rig.until('it to close', async () => (await it.failures()).length === 0)
    expect(await unbilled()).toEqual([{ cause: 'ready', timesheets: 1 }])
  })
})
