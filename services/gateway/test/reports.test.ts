import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
const id = randomUUID()
beforeAll(async () => {
  rig = await startRig()
  await rig.db.sql('insert into reports (id, calls, read, finished_at) values ($1, 17, \'{"contacts": 3}\', now())', [
    id,
  ])
  await rig.db.sql(
    `insert into report_differences (report_id, entity, kind, our_id, name, field, ours, theirs, cents, verdict)
     select $1, 'invoice', case when n = 1 then 'cents' else 'differs' end, 'i' || n, 'AFO-0000' || n, 'total', '115.00', '115.01', 0.01,
       case when n = 2 then '=HYPERLINK("x"), he said' else 'Look at it' end from generate_series(1, 3) n`,
    [id],
  )
})
afterAll(() => rig?.close())

const read = (path: string) => ask(rig, 'GET', path, { token: rig.tokens.accountant })

describe('reports', () => {
  it('are asked for by admins, written down once per key, and in the audit', async () => {
    expect((await ask(rig, 'POST', '/admin/reports', { body: {}, token: rig.tokens.accountant })).status).toBe(403)
    const headers = { 'idempotency-key': randomUUID() }
    const asked = await ask(rig, 'POST', '/admin/reports', { body: {}, headers })
    expect(asked).toMatchObject({ status: 202, body: { statusUrl: `/admin/commands/${asked.body.id}` } })
    expect((await ask(rig, 'POST', '/admin/reports', { body: {}, headers })).body).toEqual(asked.body)
    expect((await read(asked.body.statusUrl)).body).toMatchObject({ name: 'books.compare', askedBy: 'ada@example.com' })
    expect((await read('/admin/audit?action=reports.make')).body).toMatchObject({ total: 1 })
    expect((await read(`/admin/reports/${asked.body.id}`)).status).toBe(404)
  })

  it('are listed and read by pages, filtered', async () => {
    const { body } = await read('/admin/reports')
    expect(body.items).toMatchObject([
      {
        id,
        state: 'done',
        calls: 17,
        differences: 3,
        kinds: { cents: 1, differs: 2 },
        read: { contacts: 3, items: 0 },
      },
    ])
    const first = await read(`/api/admin/reports/${id}?limit=2`)
    expect(first.body).toMatchObject({ total: 3, report: { id }, items: [{ cents: '0.01' }, { kind: 'differs' }] })
    const rest = await read(`/admin/reports/${id}?limit=2&cursor=${first.body.nextCursor}`)
    expect(rest.body).toMatchObject({ nextCursor: null, items: [{ name: 'AFO-00003' }] })
    expect((await read(`/admin/reports/${id}?kind=cents`)).body.total).toBe(1)
    expect((await read(`/admin/reports/${randomUUID()}`)).status).toBe(404)
  })

  it('go to a spreadsheet, where no text becomes a formula', async () => {
    const { status, headers, body } = await read(`/admin/reports/${id}/csv`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(headers.get('content-disposition')).toMatch(/attachment; filename="report-\d{4}-\d\d-\d\d\.csv"/)
    const lines = body.replace('\uFEFF', '').trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toBe('invoice,cents,AFO-00001,total,115.00,115.01,0.01,Look at it,i1,')
    expect(lines[2]).toContain(`"'=HYPERLINK(""x""), he said"`)
  })

  it('one whose command is gone without an end has failed', async () => {
    const lost = randomUUID()
    await rig.db.sql('insert into reports (id) values ($1)', [lost])
    expect((await read(`/admin/reports/${lost}`)).body.report).toMatchObject({ state: 'failed', finishedAt: null })
  })
})
