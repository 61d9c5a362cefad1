import { setTimeout as wait } from 'node:timers/promises'
import type { Decision } from './company.js'
import type { Chance } from './random.js'
import { timeScale, type World } from './world.js'

/** The lines of invoicing between which a crash would hurt. */
const points = [
  'before-claim',
  'after-claim',
  'after-sending',
  'in-xero',
  'after-answer',
  'before-complete',
  'after-complete',
  'before-note',
  'after-note',
  'before-ack',
] as const
const victims = ['invoicing', 'invoicing', 'contact-sync', 'xero-auth', 'redis', 'redis-wiped'] as const

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
/** Xero itself takes that long: the number keeps an invoice from being made twice, while nothing could keep a note from it. */
const late = [{ kind: 'slow', ms: 7 * minute }] as const

/** Faults for some of the decisions, on the invoice or on its note. Answers how many were laid. */
export async function layFaults(world: World, chance: Chance, decisions: readonly Decision[]): Promise<number> {
  let laid = 0
  for (const { reference, label } of decisions) {
    if (chance.next() < 0.5) continue
    const note = chance.next() < 0.3
    const match = note
      ? { method: 'PUT', path: '/History', body: label }
      : { method: 'PUT', path: '/Invoices(\\?|$)', body: reference }
    await world.inXero('faults', {
      ...chance.pick(note ? losses : [...losses, ...late]),
      match,
      times: chance.int(1, 2),
    })
    laid++
  }
  return laid
}

const startMs = 30_000
/** How long one waits for a process to come by. */
const passMs = 1_500

/** Kills a process at a named point or at a random moment. Answers whether one died (1) or nobody came by (0). */
export async function kill(world: World, chance: Chance): Promise<number> {
  // One at a time: who is killed before it has come back is only away for longer.
  await world.whole(startMs)
  await wait(chance.int(50, 500))
  if (chance.next() < 0.65) {
    const point = chance.pick(points)
    return (await (point === 'in-xero' ? killInXero(world) : killAt(world, point))) ? 1 : 0
  }
  const victim = chance.pick(victims)
  if (victim === 'redis') await world.redis('SHUTDOWN NOSAVE')
  else if (victim === 'redis-wiped') await world.redis('FLUSHALL')
  else return world.kill(victim, chance.int(0, 9)) ? 1 : 0
  return 1
}

async function killAt(world: World, point: string): Promise<boolean> {
  world.arm(point)
  for (const deadline = Date.now() + passMs; Date.now() < deadline && world.armed(); ) await wait(25)
  return !world.disarm()
}

/** Between Xero's commit and its answer: the next invoice or note is done and not answered for a while, and all who could wait for it die. */
async function killInXero(world: World): Promise<boolean> {
  const match = { method: 'PUT', path: '/Invoices' }
  const { id } = await world.fault({ kind: 'slow-after-commit', ms: 500, match })
  const waits = async () => (await world.faults()).some((fault) => fault.id === id)
  for (const deadline = Date.now() + passMs; Date.now() < deadline; await wait(25))
    if (!(await waits())) {
      world.killAll('invoicing')
      return true
    }
  return false
}
