import { saysChange } from './core/facts.js'
import type { Ports } from './ports.js'

/** Says every change that is not said yet, its own and what a crash left. Marked after it was said: a repeat has the same id. */
export async function sayChanges(
  { store, say }: Pick<Ports, 'store' | 'say'>,
  cause: { id: string; correlationId: string },
): Promise<void> {
  for (;;) {
    const changes = await store.unsaid()
    if (changes.length === 0) return
    await say(
      changes.flatMap((change) => saysChange(change) ?? []),
      cause,
    )
    await store.said(changes)
  }
}
