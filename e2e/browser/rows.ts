import type { Stack } from './stack.js'

type Row = Readonly<Record<string, unknown>>

/** The product's rows, as the field software writes them and as the vault keeps them: through Supabase with the service key. */
export function rows({ supabaseUrl, secretKey }: Stack) {
  const headers = { apikey: secretKey, Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' }
  const ask = async (method: string, path: string, body?: unknown): Promise<readonly Row[]> => {
    const answer = await fetch(`${supabaseUrl}/rest/v1/${path}`, {
      method,
      headers: { ...headers, Prefer: 'return=representation' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? (JSON.parse(text) as Row[]) : []
  }
  return {
    of: (path: string) => ask('GET', path),
    add: (table: string, row: Row | readonly Row[]) => ask('POST', table, row),
    change: (path: string, row: Row) => ask('PATCH', path, row),
  }
}
