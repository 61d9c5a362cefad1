import postgres from 'postgres'

export type Sql = postgres.Sql
export type Transaction = postgres.TransactionSql

/** A connection for migrations and tests: calendar dates stay text, and JSON given as text is taken as it is. */
export function connectDatabase(databaseUrl: string, options: { max?: number } = {}): Sql {
  return postgres(databaseUrl, {
    max: options.max ?? 1,
    onnotice: () => undefined,
    types: {
      date: { to: 1082, from: [1082], serialize: String, parse: String },
      json: {
        to: 114,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: JSON.parse,
      },
    },
  }) as unknown as Sql
}

/** Runs `work` on a connection of its own. */
export async function withDatabase<T>(databaseUrl: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connectDatabase(databaseUrl)
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
