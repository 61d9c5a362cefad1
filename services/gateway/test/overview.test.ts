import { createDb } from '@afo/db'
import { Secret } from '@afo/kit'
import { type TestDatabase, testDatabase } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.close())

test('at 10,000 clients and 10,000 invoices the overview costs little more than a bare count of them', {
  timeout: 120_000,
}, async () => {
  const { sql } = database
  await sql(
    "insert into clients (name, email) select 'Client ' || n, n || '@example.com' from generate_series(1, 10000) n",
  )
  await sql(`insert into invoices (number, state, payment_status, total, amount_due, lines, client_id)
    select 'AFO-' || n, 'issued', case n % 10 when 0 then 'Overdue' when 1 then 'Unpaid' else 'Paid' end, 115, 115, jsonb_build_array(repeat('x', 300)), null
    from generate_series(1, 10000) n`)
  await sql("insert into cost_centers (name) values ('Labor')")
  await sql(`insert into timesheets (cost_center_id, work_date, hours, rate, status, invoiced)
    select (select id from cost_centers), '2026-11-01', 1, 90, 'approved', n > 500 from generate_series(1, 10000) n`)
  await sql('analyze')
  const db = createDb({ url: database.supabaseUrl, key: new Secret(database.secretKey), timeoutMs: 15_000 })
  // Both through the same door, so that what differs is the work.
  const overview = () => db.rpc('sync_overview', { p_zone: 'Pacific/Auckland' })
  const count = () =>
    sql('select (select count(*) from clients) as clients, (select count(*) from invoices) as invoices')
  const ms = { overview: [] as number[], inPostgres: [] as number[], count: [] as number[] }
  const timed = async (into: number[], run: () => Promise<unknown>) => {
    const before = performance.now()
    await run()
    into.push(performance.now() - before)
  }
  for (let round = 0; round < 30; round++) {
    await timed(ms.overview, overview)
    await timed(ms.inPostgres, () => sql("select sync_overview('Pacific/Auckland')"))
    await timed(ms.count, count)
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[times.length / 2] ?? 0
  const ratio = median(ms.inPostgres) / median(ms.count)
  console.info(
    JSON.stringify({
      overviewMs: median(ms.inPostgres),
      countMs: median(ms.count),
      ratio,
      throughSupabaseMs: median(ms.overview),
    }),
  )
  // Twice, and room for what else the machine does meanwhile.
  expect(ratio).toBeLessThanOrEqual(3)
})
