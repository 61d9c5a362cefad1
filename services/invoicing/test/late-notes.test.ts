import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// A note that Xero takes long to write. A minute is a second here.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

test('a note that is late is not looked for too soon, by whoever hears of it', async () => {
  await it.job({ sheets: [{ hours: '1' }] })
  const { letGo } = it.rig.hold({ kind: 'slow', match: { method: 'PUT', path: '/History' } })
  await it.create()
  const [invoice] = await it.invoices()
  const waits = async () => {
    const [row] = await it.rig.sql<{ until: string | null }>('select wait_until::text as until from invoices')
    return row?.until ?? false
  }
  const lease = await it.rig.until('the writing', waits)
  await it.rig.until('the end of the call', async () => (await waits()) !== lease)
  const putOff = () => it.rig.replicas[0]?.lines.filter((line) => line.includes('Somebody else writes')).length ?? 0
  const before = putOff()
  // As after a wiped Redis: the wish is said once more, while the note is still on its way.
  await it.rig.send({ name: 'invoices.note', key: invoice?.id ?? '', body: { invoiceId: invoice?.id ?? '' } })
  await it.rig.until('a copy to be put off', () => putOff() > before, 5_000)
  expect(it.rig.xero.control.callsByEndpoint()['GET /Invoices/{id}/History']).toBeUndefined()
  letGo()
  await it.settled()
  const [document] = await it.inXero()
  expect(document?.History.filter(({ Changes }) => Changes === 'Note')).toHaveLength(1)
})
