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

/** How long a run may take to come to rest: an hour and a half of the scaled time. */
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
  for (let run = 0; run < runs; run++) {
    const chance = new Chance(seed * 1_000_003 + run)
    const decisions: Decision[] = []
    for (let n = chance.int(1, 4); n > 0; n--) decisions.push(await decide(world, chance))
    const began = Date.now()
    const laid = await layFaults(world, chance, decisions)
    const resting = new AbortController()
    const killing = Promise.all(
      Array.from({ length: chance.int(1, 2) }, (_, n) => kill(world, new Chance(seed + run * 7 + n), resting.signal)),
    )
    await Promise.all(decisions.map(({ costCenterId }) => world.bill(costCenterId)))
    const kills = (await killing).reduce((sum, died) => sum + died, 0)
    const open = await rest(world, decisions)
    resting.abort()
    const left = await world.faults()
    await world.clearFaults()

    const before = { ...figures }
    figures.runs++
    figures.kills += kills
    figures.lostAnswers += Math.max(0, laid - left.filter(({ applied }) => applied === 0).length)
    await judge(world, decisions, open, figures)
    const bad = figures.doubled + figures.lost + figures.stuck + figures.centsOff
    const was = before.doubled + before.lost + before.stuck + before.centsOff
    say(
      `run ${run + 1}: ${decisions.length} invoices, ${kills} killed, ${laid} faults, ${((Date.now() - began) / 1000).toFixed(1)} s${bad > was ? '  <-- WRONG' : ''}`,
    )
  }
  return figures
}

/** Waits until nothing is unfinished. Answers the cost centres that still are when time is up. */
async function rest(world: World, decisions: readonly Decision[]): Promise<readonly string[]> {
  const ids = decisions.map(({ costCenterId }) => costCenterId)
  for (const deadline = Date.now() + restMs; ; ) {
    const open = await world.sql<{ id: string }[]>`
      select c.id::text from cost_centers c where c.id = any(${ids}::uuid[]) and (
        not exists (select from invoices i where i.cost_center_id = c.id and i.state = 'issued' and i.note_written_at is not null)
        or exists (select from invoices i where i.cost_center_id = c.id and i.state in ('claimed', 'sending', 'unknown'))
        or exists (select from invoice_waits w where w.cost_center_id = c.id)
        or exists (select from commands m where m.state in ('queued', 'running') and m.body ->> 'costCenterId' = c.id::text))`
    if (open.length === 0 || Date.now() > deadline) return open.map(({ id }) => id)
    await wait(200)
  }
}

async function judge(
  world: World,
  decisions: readonly Decision[],
  open: readonly string[],
  figures: Figures,
): Promise<void> {
  const documents = await world.documents()
  figures.stuck += open.length
  for (const { costCenterId, reference, label, totalCents } of decisions) {
    const mine = documents.filter((document) => document.Reference === reference)
    const notes = mine.flatMap(({ History }) => History.filter(({ Details }) => Details.startsWith(label)))
    const [sheets] = await world.sql<{ loose: number; total: string | null }[]>`
      select count(*) filter (where not t.invoiced or i.state is distinct from 'issued')::int as loose, max(i.total)::text as total
      from timesheets t left join invoices i on i.id = t.invoice_id where t.cost_center_id = ${costCenterId}`
    figures.invoices += mine.length
    figures.doubled += Math.max(0, mine.length - 1) + Math.max(0, notes.length - 1)
    if (mine.length === 0 || notes.length === 0 || sheets?.loose !== 0) figures.lost++
    const off = [mine[0]?.Total ?? '0', sheets?.total ?? '0'].map((total) => cents(total) - totalCents)
    figures.centsOff += off.reduce((sum, cent) => sum + Math.abs(Number(cent)), 0)
  }
}

const cents = (money: string) => BigInt(money.replace('.', ''))
