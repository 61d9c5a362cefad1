import { setTimeout as wait } from 'node:timers/promises'
import { type Decision, decide } from './company.js'
import { kill, layFaults } from './mischief.js'
import { Chance } from './random.js'
import type { World } from './world.js'

export interface Figures {
  runs: number
  kills: number
  lostAnswers: number
  invoices: number
  doubled: number
  lost: number
  stuck: number
  centsOff: number
}

/** One story: what the office decides to bill while something breaks. The same seed and number tell the same one. */
interface Run {
  readonly number: number
  readonly decisions: readonly Decision[]
}

/** So many runs are told one after another before the books are compared: waiting for rest costs all of them once. */
const perWave = 100
/** Every so many runs, everything that nobody asked for by itself is billed by one job, in batches. */
const perJob = 6
/** Nothing has moved for an hour and a half of the scaled time: it is stuck. */
const restMs = 90_000

/**
 * Bills cost centres while processes are killed and answers lost; then each decision has to be one invoice with one note, every hour on it, the
 * total right to the cent.
 */
export async function invoicing(
  world: World,
  seed: number,
  runs: number,
  say: (text: string) => void,
): Promise<Figures> {
  const figures: Figures = {
    runs: 0,
    kills: 0,
    lostAnswers: 0,
    invoices: 0,
    doubled: 0,
    lost: 0,
    stuck: 0,
    centsOff: 0,
  }
  for (let first = 0; first < runs; first += perWave) {
    const numbers = Array.from({ length: Math.min(perWave, runs - first) }, (_, n) => first + n)
    await wave(world, seed, numbers, figures, say)
  }
  return figures
}

async function wave(
  world: World,
  seed: number,
  numbers: readonly number[],
  figures: Figures,
  say: (text: string) => void,
): Promise<void> {
  const began = Date.now()
  const runs: Run[] = []
  const billing: Promise<void>[] = []
  const ask = (asking: Promise<void>) => {
    // Awaited below; until then its failure is nobody's.
    asking.catch(() => undefined)
    billing.push(asking)
  }
  let laid = 0
  let kills = 0
  for (const number of numbers) {
    const chance = new Chance(seed * 1_000_003 + number)
    const decisions: Decision[] = []
    for (let n = chance.int(1, 4); n > 0; n--) decisions.push(await decide(world, chance))
    runs.push({ number, decisions })
    laid += await layFaults(world, chance, decisions)
    if (chance.next() < 0.5) for (const { costCenterId } of decisions) ask(world.bill(costCenterId))
    if (runs.length % perJob === 0) ask(world.billAll())
    kills += await kill(world, chance)
  }
  ask(world.billAll())
  await Promise.all(billing)
  const open = await rest(world, runs)
  const left = (await world.faults()).filter(({ applied }) => applied === 0).length
  await world.clearFaults()

  const documents = await world.documents()
  figures.kills += kills
  figures.lostAnswers += Math.max(0, laid - left)
  for (const { number, decisions } of runs) {
    const found = await judge(world, documents, decisions, open)
    figures.runs++
    for (const name of ['invoices', 'doubled', 'lost', 'stuck', 'centsOff'] as const) figures[name] += found[name]
    if (found.doubled + found.lost + found.stuck + found.centsOff > 0)
      say(
        `run ${number + 1} is WRONG: ${JSON.stringify({ ...found, costCentres: decisions.map((d) => d.costCenterId) })}`,
      )
  }
  const seconds = ((Date.now() - began) / 1_000).toFixed(1)
  say(
    `runs ${(numbers[0] ?? 0) + 1} to ${(numbers.at(-1) ?? 0) + 1}: ${kills} killed, ${laid - left} of ${laid} faults struck, ${seconds} s`,
  )
}

/** Waits until nothing is unfinished. Answers the cost centres that still are when time is up. */
async function rest(world: World, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const ids = runs.flatMap(({ decisions }) => decisions.map(({ costCenterId }) => costCenterId))
  let [left, deadline] = [Number.POSITIVE_INFINITY, 0]
  for (;;) {
    const open = await world.sql<{ id: string }[]>`
      select c.id::text from cost_centers c where c.id = any(${ids}::uuid[]) and (
        not exists (select from invoices i where i.cost_center_id = c.id and i.state = 'issued' and i.note_written_at is not null)
        or exists (select from invoices i where i.cost_center_id = c.id and i.state in ('claimed', 'sending', 'unknown'))
        or exists (select from invoice_waits w where w.cost_center_id = c.id)
        or exists (select from commands m where m.state in ('queued', 'running') and m.name = 'invoices.create'
          and coalesce(m.body ->> 'costCenterId', c.id::text) = c.id::text))`
    if (open.length < left) [left, deadline] = [open.length, Date.now() + restMs]
    if (open.length === 0 || Date.now() > deadline) return new Set(open.map(({ id }) => id))
    await wait(300)
  }
}

type Found = Pick<Figures, 'invoices' | 'doubled' | 'lost' | 'stuck' | 'centsOff'>

async function judge(
  world: World,
  documents: Awaited<ReturnType<World['documents']>>,
  decisions: readonly Decision[],
  open: ReadonlySet<string>,
): Promise<Found> {
  const found: Found = { invoices: 0, doubled: 0, lost: 0, stuck: 0, centsOff: 0 }
  for (const { costCenterId, reference, label, totalCents } of decisions) {
    const mine = documents.filter((document) => document.Reference === reference)
    const notes = mine.flatMap(({ History }) => History.filter(({ Details }) => Details.startsWith(label)))
    const [sheets] = await world.sql<{ loose: number; total: string | null }[]>`
      select count(*) filter (where not t.invoiced or i.state is distinct from 'issued')::int as loose, max(i.total)::text as total
      from timesheets t left join invoices i on i.id = t.invoice_id where t.cost_center_id = ${costCenterId}`
    found.invoices += mine.length
    found.doubled += Math.max(0, mine.length - 1) + Math.max(0, notes.length - 1)
    if (mine.length === 0 || notes.length === 0 || sheets?.loose !== 0) found.lost++
    if (open.has(costCenterId)) found.stuck++
    const off = [mine[0]?.Total ?? '0', sheets?.total ?? '0'].map((total) => cents(total) - totalCents)
    found.centsOff += off.reduce((sum, cent) => sum + Math.abs(Number(cent)), 0)
  }
  return found
}

const cents = (money: string) => BigInt(money.replace('.', ''))
