import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())

test('two replicas told to invoice the same cost centre at once: one invoice, each time', {
  timeout: Number(process.env.TIMEOUT_MS ?? 120_000),
}, async () => {
  const second = await it.rig.start()
  const rounds = Number(process.env.ROUNDS ?? 10)
  it.rig.xero.control.setLimits({ enabled: false })
  for (let round = 0; round < rounds; round++) {
    const { costCenterId } = await it.job({ sheets: [{ hours: '1' }, { hours: '2' }] })
    const both = await Promise.all([it.create({ costCenterId }), it.create({ costCenterId })])
    expect(both.map((b) => b.state)).toEqual(['done', 'done'])
    expect(both.map((b) => Number(b.result?.issued)).sort()).toEqual([0, 1])
  }
  expect(await it.invoices()).toHaveLength(rounds)
  await second.stop()
})
