import type { Switches } from '@afo/contacts'
import type { ExchangeOutcome, NewMessage } from '@afo/contracts'
import type { Call, Ports } from '../ports.js'

const names = [
  'read',
  'linked',
  'created',
  'updated',
  'relinked',
  'adopted',
  'archived',
  'asked',
  'conflicts',
  'failed',
] as const
export type Counts = Record<(typeof names)[number], number>
export const noCounts = Object.fromEntries(names.map((name) => [name, 0])) as Counts

/** One piece of work from its first read to its last word: for whom, how far, what it did and has to say. */
export interface Run extends Call {
  readonly ports: Ports
  readonly switches: Switches
  /** Whose the leases are: a repeat of the same message takes them over. */
  readonly owner: string
  readonly commandId: string | null
  /** Only these clients, tried also where they failed before; null for all. */
  readonly clientIds: readonly string[] | null
  /** Only these contacts; null for all. */
  readonly contactIds: readonly string[] | null
  readonly counts: Counts
  readonly says: NewMessage[]
  /** Called as clients are done; ends the work by throwing when it was cancelled. */
  readonly advance: (clients: number) => Promise<void>
}

type Given = Pick<Run, 'ports' | 'owner' | 'priority' | 'signal'> & Partial<Run>

export const beginRun = async (given: Given): Promise<Run> => ({
  clientIds: null,
  contactIds: null,
  commandId: null,
  counts: { ...noCounts },
  advance: async () => undefined,
  ...given,
  switches: await given.ports.settings.read('sync'),
  says: [],
})

/** Keeps outcomes and says what is new for a person. */
export async function settle(run: Run, outcomes: readonly ExchangeOutcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const { conflicted, refused } = await run.ports.store.settle(outcomes, run.owner, run.commandId)
  for (const { clientId, fields } of conflicted) {
    run.counts.conflicts += fields.length
    run.says.push({ name: 'contact.conflicted', key: clientId, body: { clientId, fields } })
  }
  run.counts.failed += outcomes.filter((o) => o.failure !== null).length + refused.length
  await run.advance(outcomes.length)
}

export const sayLinked = (run: Run, clientId: string, contactId: string): void =>
  void run.says.push({ name: 'contact.linked', key: clientId, body: { clientId, contactId } })

export const sayUnmatched = (run: Run, clientId: string): void =>
  void run.says.push({ name: 'contact.unmatched', key: clientId, body: { clientId } })

/** The rows of a keyset, a page in memory at a time. */
export async function* pages<T extends { readonly clientId: string }>(
  read: (after: string | null) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  for (let after: string | null = null; ; ) {
    const page = await read(after)
    const last = page.at(-1)
    if (!last) return
    yield page
    after = last.clientId
  }
}

export const pageSize = 500
