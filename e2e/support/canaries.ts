import { endpoints } from '@afo/contracts'
import { createVault, Secret } from '@afo/kit'
import { connectDatabase, type Sql } from '@afo/sandbox/supabase'
import type { TestStack } from '@afo/testing'
import { Redis } from 'ioredis'

/** Where something is written, and what is written there. */
export interface Written {
  readonly where: string
  readonly text: string
}

/** Each secret of a running stack, by name: those of its set-up, and the tokens of this very moment, out of the vault. */
export async function secretsOf(stack: TestStack, encryptionKey: string): Promise<Map<string, string>> {
  const { xeroApp, serviceToken, webhookKey, secretKey } = stack.details()
  const fixed = {
    'client secret': xeroApp?.clientSecret ?? '',
    'service token': serviceToken,
    'webhook key': webhookKey,
  }
  const secrets = new Map([...Object.entries(fixed), ['service key', secretKey], ['encryption key', encryptionKey]])
  const vault = createVault(new Secret(encryptionKey))
  await withSql(stack, async (sql) => {
    const columns = ['access_token', 'refresh_token', 'id_token', 'previous_refresh_token'] as const
    for (const row of await sql`select * from xero_tokens`) {
      for (const column of columns) {
        if (row[column] === null) continue
        const place = { table: 'xero_tokens', row: row.id, column, tenant: row.tenant_id }
        secrets.set(`${column} ${row.token_version}`, vault.open(row[column], place))
      }
    }
  })
  return secrets
}

/** Everything that anybody may read: logs, every key of Redis (events, commands, dead letters), every row of Postgres, pages, answers, figures. */
export async function everythingWritten(stack: TestStack, adminToken: string): Promise<Written[]> {
  const { gatewayUrl, processes, redisUrl } = stack.details()
  const paths = Object.values(endpoints).filter(
    ({ method, path }) => method === 'get' && !path.includes(':') && !/events|xero\/(auth|callback)/.test(path),
  )
  const pages = [...paths.map(({ path }) => gatewayUrl + path), `${gatewayUrl}/app`, `${gatewayUrl}/app/config.json`]
  const figures = processes.map(({ healthUrl }) => healthUrl.replace(/health$/, 'metrics'))
  const read = async (url: string): Promise<Written> => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${adminToken}` } })
    return { where: url, text: JSON.stringify([...response.headers]) + (await response.text()) }
  }
  return [
    // What the stand-ins log is their own affair: they play the outside world, which knows its secrets.
    ...[...stack.logs()]
      .filter(([name]) => !['xero', 'supabase'].includes(name))
      .map(([name, text]) => ({ where: `log of ${name}`, text })),
    ...(await inRedis(redisUrl)),
    ...(await withSql(stack, inPostgres)),
    ...(await Promise.all([...pages, ...figures].map(read))),
  ]
}

/** Which secret shows where, in whatever spelling; empty when none does. */
export function leaks(secrets: ReadonlyMap<string, string>, written: readonly Written[]): string[] {
  return [...secrets].flatMap(([name, secret]) => {
    const spelt = spellings(secret)
    return written
      .filter(({ text }) => spelt.some((spelling) => text.includes(spelling)))
      .map(({ where }) => `${name} in ${where}`)
  })
}

/** As it is, as a URL and as hexadecimal carry it, and inside any base64 text (which of three depends on what stands before it). */
function spellings(secret: string): string[] {
  const base64 = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.from(before + secret).toString('base64')
    return text.slice(before.length === 0 ? 0 : 4, -4)
  })
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...base64]
}

async function withSql<T>(stack: TestStack, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connectDatabase(stack.details().databaseUrl ?? '')
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

async function inPostgres(sql: Sql): Promise<Written[]> {
  const tables = await sql<{ name: string }[]>`select format('%I.%I', table_schema, table_name) as name
    from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
  return Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await sql.unsafe(`select string_agg(t::text, ' ') as text from ${name} t`)
      return { where: `table ${name}`, text: String(row?.text ?? '') }
    }),
  )
}

async function inRedis(url: string): Promise<Written[]> {
  const redis = new Redis(url)
  const readers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    stream: (key) => redis.xrange(key, '-', '+'),
    zset: (key) => redis.zrange(key, '0', '-1'),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    string: (key) => redis.get(key),
  }
  try {
    const keys = await redis.keys('*')
    return await Promise.all(
      keys.map(async (key) => {
        const read = readers[await redis.type(key)]
        return { where: `Redis ${key}`, text: JSON.stringify([key, await read?.(key)]) }
      }),
    )
  } finally {
    redis.disconnect()
  }
}
