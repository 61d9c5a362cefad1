import { z } from 'zod'

const callLog = z.object({ calls: z.array(z.object({ endpoint: z.string(), atMs: z.number() })) })
const ledger = z.object({ contacts: z.array(z.object({ Name: z.string() })) })

/** The sandbox Xero's control door, as far as a first sync is judged by it. */
export function controlOf(xeroUrl: string) {
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${xeroUrl}/_sandbox/${path}`, init)
    if (!response.ok) throw new Error(`The sandbox's /${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  return {
    /** How many calls a day Xero allows from now on. */
    allow: (perDay: number) =>
      ask('limits', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ perDay }),
      }),
    forgetCalls: () => ask('calls', { method: 'DELETE' }),
    /** When each call came that was about contacts, in milliseconds. */
    async contactCalls(): Promise<readonly number[]> {
      const { calls } = callLog.parse(await ask('calls'))
      return calls.filter(({ endpoint }) => endpoint.includes('/Contacts')).map(({ atMs }) => atMs)
    },
    /** The names of the contacts that end so. */
    async contacts(ending: string): Promise<readonly string[]> {
      return ledger.parse(await ask('ledger')).contacts.flatMap(({ Name }) => (Name.endsWith(ending) ? [Name] : []))
    },
  }
}
