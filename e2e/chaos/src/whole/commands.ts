import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../world.js'
import { insist } from './insist.js'

/** How long a command may take before nobody waits for it any more. */
const finishMs = 600_000

/** Waits until a command has ended, however it did. One that has not after ten minutes is left to {@link howCommandsEnded}. */
export async function finish(world: World, commandId: string): Promise<void> {
  for (const deadline = performance.now() + finishMs; performance.now() < deadline; await wait(200)) {
    const [row] = await insist(() => world.sql<{ state: string }[]>`select state from commands where id = ${commandId}`)
    if (row && row.state !== 'queued' && row.state !== 'running') return
  }
}

/** Counts how what people asked for ended, failed and cancelled ones too, and tells of each that is not done. A row that is gone has not ended. */
export async function howCommandsEnded(world: World, asked: ReadonlySet<string>, say: (text: string) => void) {
  const undone = await insist(
    () => world.sql<{ state: string | null }[]>`
      select a.id::text, c.name, c.state, c.problem, c.progress, c.created_at, c.heartbeat_at
      from unnest(${[...asked]}::uuid[]) as a (id) left join commands c using (id) where c.state is distinct from 'done'`,
  )
  for (const row of undone) say(`  not done: ${JSON.stringify(row)}`)
  const count = (...states: (string | null)[]) => undone.filter(({ state }) => states.includes(state)).length
  return {
    commandsAccepted: asked.size,
    commandsFinished: asked.size - count('queued', 'running', null),
    commandsFailed: count('failed'),
  }
}
