import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Supabase, startSupabase, withDatabase } from '../src/supabase/index.js'
import { folder } from './stack-folder.js'

const sql = `
do $$ declare r text; begin
  foreach r in array array['anon', 'authenticated', 'service_role'] loop
    if to_regrole(r) is null then execute format('create role %I nologin noinherit', r); end if;
  end loop;
  alter role service_role bypassrls;
end $$;
grant usage on schema public to anon, authenticated, service_role;
create table public.things (id int primary key, price numeric(12, 4), detail jsonb, at timestamptz, day date);
alter table public.things enable row level security;
create function public.echo(a jsonb) returns jsonb language sql as $$ select jsonb_build_object('kind', jsonb_typeof(a), 'value', a) $$;
create function public.refuse(how text) returns void language plpgsql as $$
begin
  if how = 'ours' then
    raise sqlstate 'PGRST' using message = '{"code":"AFO-1","message":"no","details":"d","hint":"h"}', detail = '{"status":409,"headers":{}}';
  end if;
  insert into public.things (id) values (1), (1);
end $$;
revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to service_role;
grant select, insert, update on public.things to service_role, authenticated;
`

/** What supabase-js sends, without supabase-js: the wire is what is tested. */
const caller =
  (supabase: Supabase) =>
  async (path: string, options: { key?: string; token?: string; method?: string; body?: unknown } = {}) => {
    const { key = supabase.secretKey, token, body } = options
    const response = await fetch(`${supabase.url}${path}`, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        apikey: key,
        'content-type': 'application/json',
        prefer: 'return=representation',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: JSON.parse((await response.text()) || 'null') }
  }

describe('the local Supabase', () => {
  const dir = folder()
  let supabase: Supabase
  let call: ReturnType<typeof caller>
  const admin = { email: 'admin@example.com', password: 'correct-horse' }

  beforeAll(async () => {
    const migrationsDir = dir.files('migrations', { '0001_things.sql': sql })
    supabase = await startSupabase({ stateDir: `${dir.path}/state`, migrationsDir, seedFile: null, durable: false })
    call = caller(supabase)
    await supabase.createUser({ ...admin, admin: true })
    await supabase.createUser({ email: 'crew@example.com', password: 'correct-horse' })
  })
  afterAll(async () => {
    await supabase?.close()
    dir.remove()
  })

  const signIn = async (email: string) =>
    (
      await call('/auth/v1/token?grant_type=password', {
        key: supabase.publishableKey,
        body: { email, password: admin.password },
      })
    ).body.access_token

  test('an admin is a user whose app_metadata says so', async () => {
    const roles = []
    for (const email of [admin.email, 'crew@example.com']) {
      const { body } = await call('/auth/v1/user', { key: supabase.publishableKey, token: await signIn(email) })
      roles.push(body.app_metadata.role)
    }
    expect(roles).toEqual(['admin', undefined])
  })

  test('making the admin again is harmless', async () => {
    await supabase.createUser({ ...admin, admin: true })
    const rows = await withDatabase(
      supabase.databaseUrl,
      (db) => db`select raw_app_meta_data ->> 'role' as role from auth.users where email = ${admin.email}`,
    )
    expect(rows.map((row) => row.role)).toEqual(['admin'])
  })

  test('values have the form that PostgREST gives them', async () => {
    const row = {
      id: 7,
      price: '1.2300',
      detail: { crew: ['Zoë'] },
      at: '2026-11-23T05:35:03.253551+00:00',
      day: '2026-11-23',
    }
    expect(await call('/rest/v1/things', { body: row })).toEqual({ status: 201, body: [{ ...row, price: 1.23 }] })
    expect(await call('/rest/v1/things?id=eq.7&select=at,detail', {})).toEqual({
      status: 200,
      body: [{ at: row.at, detail: row.detail }],
    })
  })

  test.each([
    [[1, 2], 'array'],
    [{ a: 1 }, 'object'],
    ['word', 'string'],
  ] as const)('a JSON argument %j arrives as %s', async (a, kind) => {
    expect((await call('/rest/v1/rpc/echo', { body: { a } })).body).toEqual({ kind, value: a })
  })

  test("a function's own refusal comes through with code and status", async () => {
    const ours = await call('/rest/v1/rpc/refuse', { body: { how: 'ours' } })
    expect(ours).toEqual({ status: 409, body: { code: 'AFO-1', message: 'no', details: 'd', hint: 'h' } })
    const twice = await call('/rest/v1/rpc/refuse', { body: { how: 'constraint' } })
    expect([twice.status, twice.body.code]).toEqual([409, '23505'])
  })

  test('functions are for the service role, rows for nobody without a policy', async () => {
    const token = await signIn(admin.email)
    const key = supabase.publishableKey
    const tries = [
      await call('/rest/v1/rpc/echo', { key, body: { a: 1 } }),
      await call('/rest/v1/rpc/echo', { key, token, body: { a: 1 } }),
    ]
    expect(tries.map(({ status, body }) => [status, body.code])).toEqual([
      [401, '42501'],
      [403, '42501'],
    ])
    expect((await call('/rest/v1/things', { key, token })).body).toEqual([])
    expect((await call('/rest/v1/things', { key: 'sb_secret_made_up' })).status).toBe(401)
  })

  test('a changed schema is seen after notify pgrst', async () => {
    await withDatabase(supabase.databaseUrl, (db) =>
      db.unsafe('create function public.fresh() returns int language sql as $$ select 7 $$'),
    )
    const before = await call('/rest/v1/rpc/fresh', { body: {} })
    await withDatabase(supabase.databaseUrl, (db) => db`notify pgrst, 'reload schema'`)
    await expect.poll(async () => (await call('/rest/v1/rpc/fresh', { body: {} })).body).toBe(7)
    expect([before.status, before.body.code]).toEqual([404, 'PGRST202'])
  })

  test('rows, users and keys are there after a restart', async () => {
    const { url: _, publishableKey, secretKey } = supabase
    await supabase.close()
    supabase = await startSupabase({
      stateDir: `${dir.path}/state`,
      migrationsDir: `${dir.path}/migrations`,
      seedFile: null,
      durable: false,
    })
    call = caller(supabase)
    expect({ publishableKey: supabase.publishableKey, secretKey: supabase.secretKey }).toEqual({
      publishableKey,
      secretKey,
    })
    expect((await call('/rest/v1/things?select=id')).body).toContainEqual({ id: 7 })
    expect(await signIn(admin.email)).toEqual(expect.any(String))
  })

  test('the keys are readable by their owner alone', () => {
    expect(statSync(`${dir.path}/state/keys.json`).mode & 0o777).toBe(0o600)
  })
})
