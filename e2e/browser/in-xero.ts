import type { Ledger } from '@afo/sandbox/xero'
import type { Stack } from './stack.js'

/** What a person does inside Xero, and what stands there, by the sandbox's control door. */
export function inXero({ xeroUrl }: Stack) {
  const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${xeroUrl}/_sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  return {
    post,
    ledger: async () => (await (await fetch(`${xeroUrl}/_sandbox/ledger`)).json()) as Ledger,
    connections: async () => (await (await fetch(`${xeroUrl}/_sandbox/connections`)).json()) as readonly unknown[],
  }
}
