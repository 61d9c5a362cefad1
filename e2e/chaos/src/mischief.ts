import { setTimeout as wait } from 'node:timers/promises'
import type { Decision } from './company.js'
import type { Chance } from './random.js'
import { timeScale, type World } from './world.js'

/** The lines of invoicing between which a crash would hurt. */
const points = [
  'before-claim',
  'after-claim',
  'after-sending',
  'after-answer',
  'after-complete',
  'before-note',
  'after-note',
  'before-ack',
] as const
const victims = ['invoicing', 'invoicing', 'invoicing', 'contact-sync', 'xero-auth', 'redis', 'redis-wiped'] as const

const minute = 60_000 / timeScale
/** Ways of losing or spoiling an answer; held for 1 s, 7 minutes and 1 hour of the scaled time. */
const losses = [
  { kind: 'reset-after-commit' },
  { kind: 'reset-before' },
  { kind: 'error-500-after-commit' },
  { kind: 'error-500' },
  { kind: 'error-503' },
  { kind: 'garbage-200-after-commit' },
  { kind: 'html-200' },
  { kind: 'timeout-after-commit' },
  { kind: 'slow-after-commit', ms: 1_000 },
  { kind: 'slow-after-commit', ms: 7 * minute },
  { kind: 'slow-after-commit', ms: 60 * minute },
  { kind: 'slow', ms: 1_000 },
] as const

/** Faults for some of the decisions, on the invoice or on its note. Answers how many were laid. */
export async function layFaults(world: World, chance: Chance, decisions: readonly Decision[]): Promise<number> {
  let laid = 0
  for (const { reference, label } of decisions) {
    if (chance.next() < 0.35) continue
    const note = chance.next() < 0.3
    const match = note
      ? { method: 'PUT', path: '/History', body: label }
      : { method: 'PUT', path: '/Invoices', body: reference }
    await world.inXero('faults', { ...chance.pick(losses), match, times: chance.int(1, 2) })
    laid++
  }
  return laid
}

/** Kills a process at a named point or at a random moment. Answers how many died. */
export async function kill(world: World, chance: Chance, done: AbortSignal): Promise<number> {
  if (chance.next() < 0.6) {
    world.arm(chance.pick(points))
    await wait(chance.int(1_500, 4_000), undefined, { signal: done }).catch(() => undefined)
    return world.disarm() ? 0 : 1
  }
  await wait(chance.int(0, 1_500))
  const victim = chance.pick(victims)
  if (victim === 'redis') await world.redis('SHUTDOWN NOSAVE')
  else if (victim === 'redis-wiped') await world.redis('FLUSHALL')
  else return world.kill(victim, chance.int(0, 9)) ? 1 : 0
  return 1
}
