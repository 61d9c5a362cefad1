import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './office.js'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office?.rig.close())

test('what becomes of a breaker is said; what it held back is done when Xero is well again', async () => {
  const { rig } = office
  const { id, xeroId } = await office.issued()
  const states = () => rig.said.flatMap(({ name, body }) => (name === 'breaker.changed' ? [body] : []))
  const first = { tenantId: office.tenantId, endpoint: 'invoices', state: 'open', service: 'payments' }
  rig.xero.control.addFault({ kind: 'error-503', times: 0, match: { path: '/Invoices' } })
  const check = (key: number) =>
    rig.send({ name: 'payments.check', key: String(key), body: { xeroInvoiceIds: [xeroId] } })
  await Promise.all(Array.from({ length: 8 }, (_, key) => check(key)))
  await rig.until('the breaker to open', () => states().length > 0)
  expect(states()[0]).toEqual(first)
  await rig.until(
    'one call to be let through in vain',
    () => states().filter(({ state }) => state === 'open').length > 1,
  )
  office.person().pay(xeroId, { amount: '115.00' })
  rig.xero.control.clearFaults()
  await rig.until('the breaker to close', () => states().at(-1)?.state === 'closed')
  const paid = 'select 1 from invoices where id = $1 and payment_status = $2'
  await rig.until('what it held back to be done', async () => (await rig.sql(paid, [id, 'Paid'])).length === 1)
  await rig.until('all to be done', async () => {
    const own = (await rig.bus.figures()).find(({ stream }) => stream === 'commands.payments')
    return own?.lag === 0 && own.pending === 0 && own.delayed === 0
  })
  expect((await rig.bus.listDead('payments', { limit: 1 })).length).toBe(0)
})
