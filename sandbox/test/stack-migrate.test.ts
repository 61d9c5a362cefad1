import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrate, withDatabase } from '../src/supabase/index.js'
import { type Postgres, startPostgres } from '../src/supabase/postgres.js'
import { folder } from './stack-folder.js'

describe('migrate', () => {
  const dir = folder()
  let postgres: Postgres
  let databaseUrl: string
  let count = 0

  beforeAll(async () => {
    postgres = await startPostgres({ dir: `${dir.path}/postgres`, password: 'local', durable: false })
  })
  beforeEach(async () => {
    const name = `migrate_${++count}`
    await withDatabase(postgres.databaseUrl, (db) => db.unsafe(`create database ${name}`))
    databaseUrl = postgres.databaseUrl.replace(/postgres$/, name)
  })
  afterAll(async () => {
    await postgres?.close()
    dir.remove()
  })

  const first = { '0001_first.sql': 'create table a (id int); insert into a values (1);' }
  const second = { '0002_second.sql': 'alter table a add column b int;' }
  const rows = (text: string) => withDatabase(databaseUrl, (db) => db.unsafe(text)).then((result) => [...result])

  test('applies what is missing, in order, once', async () => {
    const one = dir.files('once-1', first)
    const two = dir.files('once-2', { ...second, ...first })
    expect(await migrate(databaseUrl, { dir: one })).toEqual({ already: [], applied: ['0001_first'] })
    expect(await migrate(databaseUrl, { dir: two })).toEqual({ already: ['0001_first'], applied: ['0002_second'] })
    expect(await migrate(databaseUrl, { dir: two })).toEqual({ already: ['0001_first', '0002_second'], applied: [] })
    expect(await rows('select * from a')).toEqual([{ id: 1, b: null }])
  })

  test('a dry run says what it would do and leaves nothing, not even its own table', async () => {
    expect(await migrate(databaseUrl, { dir: dir.files('dry', first), dryRun: true })).toEqual({
      already: [],
      applied: ['0001_first'],
    })
    expect(await rows(`select to_regclass('public.a') as a, to_regnamespace('supabase_migrations') as s`)).toEqual([
      { a: null, s: null },
    ])
  })

  test('a failed one leaves nothing, and the next run goes on from there', async () => {
    const broken = dir.files('broken', { ...first, '0002_second.sql': 'create table half (id int);\nselect 1 / 0;' })
    await expect(migrate(databaseUrl, { dir: broken })).rejects.toThrow(
      '0002_second.sql failed and was taken back: division by zero',
    )
    expect(await rows(`select to_regclass('half') as half`)).toEqual([{ half: null }])
    expect(await migrate(databaseUrl, { dir: dir.files('mended', { ...first, ...second }) })).toMatchObject({
      applied: ['0002_second'],
    })
  })

  test('names the line of a syntax error', async () => {
    const broken = dir.files('syntax', { '0001_typo.sql': 'select 1;\n\ncreate tabel a ();' })
    await expect(migrate(databaseUrl, { dir: broken })).rejects.toThrow('(line 3)')
  })

  test('refuses a migration that was edited after it had been applied', async () => {
    await migrate(databaseUrl, { dir: dir.files('before', first) })
    const edited = dir.files('after', { '0001_first.sql': 'create table a (id bigint);' })
    await expect(migrate(databaseUrl, { dir: edited })).rejects.toThrow(
      '0001_first was changed after it had been applied',
    )
  })

  test('goes on from what the Supabase CLI has applied', async () => {
    await rows(`create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
      insert into supabase_migrations.schema_migrations (version, name) values ('0001', 'first'); create table a (id int);`)
    expect(await migrate(databaseUrl, { dir: dir.files('cli', { ...first, ...second }) })).toEqual({
      already: ['0001_first'],
      applied: ['0002_second'],
    })
  })

  test('several at once take turns: each migration is applied once', async () => {
    const files = dir.files('turns', { ...first, ...second })
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(databaseUrl, { dir: files })))
    expect(runs.flatMap(({ applied }) => applied).sort()).toEqual(['0001_first', '0002_second'])
    expect(await rows('select count(*)::int as n from a')).toEqual([{ n: 1 }])
  })

  test('invoices that were there before ours are followed in Xero, or left alone, and never sent', async () => {
    await rows(`create table invoices (id uuid primary key default gen_random_uuid(), xero_invoice_id text, payment_status text not null default 'pending', amount numeric);
      insert into invoices (xero_invoice_id, payment_status, amount) values ('x1', 'paid', 10), ('x2', 'part paid', 20), (null, 'pending', 30), (null, 'paid', 35);
      create table activity_types (id uuid primary key default gen_random_uuid(), name text not null);`)
    await migrate(databaseUrl)
    await rows('insert into invoices (amount) values (40); select sync_invoices_stale(0, 0, 10)')
    expect(await rows('select amount::int, state, payment_status as status from invoices order by amount')).toEqual([
      { amount: 10, state: 'issued', status: 'Paid' },
      { amount: 20, state: 'issued', status: null },
      { amount: 30, state: null, status: 'pending' },
      { amount: 35, state: null, status: 'paid' },
      { amount: 40, state: null, status: 'pending' },
    ])
    expect(
      await rows("select sync_payments_ids(false, null, 10) as ids, sync_list_invoices('{}') ->> 'total' as listed"),
    ).toEqual([{ ids: ['x2'], listed: '2' }])
  }, 120_000)
})
