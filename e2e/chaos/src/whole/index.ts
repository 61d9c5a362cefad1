import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { Chance } from '../random.js'
import type { World } from '../world.js'
import { audit, type Findings } from './audit.js'
import { finish, howCommandsEnded } from './commands.js'
import { insist } from './insist.js'
import { Office } from './office.js'
import { reconnect } from './reconnect.js'
import { storm, type Weather } from './weather.js'

export interface WholeFigures extends Omit<Findings, 'words'>, Weather {
  readonly minutes: number
  /** How often a person had to. */
  readonly reconnects: number
  readonly commandsAccepted: number
  readonly commandsFinished: number
  readonly commandsFailed: number
  readonly deadLetters: number
  readonly settleSeconds: number
}

/** The full company from ten minutes on; a shorter run carries its share. */
const company = (minutes: number) => {
  const share = Math.min(1, minutes / 10)
  return { clients: Math.ceil(2_000 * share), costCentres: Math.ceil(300 * share) }
}
/** How long everything may take to come to rest. */
const restMs = 300_000

/**
 * The whole company at work on both sides while everything that may break breaks; then it settles, and both ledgers have to be what a quiet day
 * would have made of the same work.
 */
export async function whole(
  world: World,
  seed: number,
  minutes: number,
  say: (text: string) => void,
): Promise<WholeFigures> {
  const office = new Office(world, new Chance(seed * 1_000_003))
  const { clients, costCentres } = company(minutes)
  await office.found(clients, costCentres)
  say(`${clients} clients, ${costCentres} cost centres`)
  await finish(world, await office.ask('/admin/xero/sync-clients', {}))
  say('the first sync is done; here comes the weather')

  const [over, rested] = [new AbortController(), new AbortController()]
  // People and weather wait for one end.
  setMaxListeners(100, over.signal)
  const forMs = minutes * 60_000
  const reconnecting = reconnect(world, rested.signal)
  const working = office.work(forMs, over.signal)
  const stormy = storm(world, new Chance(seed), forMs, over.signal)
  await wait(forMs)
  over.abort()
  const weather = await stormy
  const began = performance.now()
  await working
  say(`the weather is over: ${JSON.stringify(weather)}`)

  const { words, ...found } = await settle(world, office, began + restMs, say).finally(() => rested.abort())
  for (const line of words.slice(0, 40)) say(`  ${line}`)
  const { total: deadLetters } = await insist(() =>
    world.admin.get('/admin/dead-letters?limit=1', z.object({ total: z.number() })),
  )
  return {
    minutes,
    ...weather,
    reconnects: await reconnecting,
    ...(await howCommandsEnded(world, office.commands, say)),
    ...found,
    deadLetters,
    settleSeconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

/** Lets what is under way end, then does once more what the schedules do, until both sides agree or time is up. */
async function settle(world: World, office: Office, deadline: number, say: (text: string) => void): Promise<Findings> {
  for (;;) {
    await quiet(world, deadline, say)
    const paths = ['sync-clients', 'sync-payments', 'sync-invoices'].map((path) => `/admin/xero/${path}`)
    await Promise.all(paths.map(async (path) => finish(world, await office.ask(path, {}))))
    await quiet(world, deadline, say)
    const findings = await audit(world, office)
    if (findings.words.length === 0 || performance.now() > deadline) return findings
    say(`not yet: ${findings.words.length} differences, such as ${findings.words[0]}`)
  }
}

/** Waits until nothing is under way any more. A webhook whose message was lost isn't: the next sync reads what it told of. */
async function quiet(world: World, deadline: number, say: (text: string) => void): Promise<void> {
  const webhook = z.object({ pending: z.number() })
  for (let told = 0; performance.now() < deadline; await wait(250)) {
    const [open] = await insist(
      () => world.sql<Record<string, number>[]>`select
        (select count(*) from commands where state in ('queued', 'running'))::int as commands,
        (select count(*) from invoices where state in ('claimed', 'sending', 'unknown'))::int as invoices,
        (select count(*) from invoices where state = 'issued' and note_text is not null and note_written_at is null)::int as notes,
        (select count(*) from invoice_waits)::int as waits
`,
    )
    const { pending } = webhook.parse(await (await fetch(`${world.stack().xeroUrl}/_sandbox/webhook`)).json())
    const left = { ...open, webhooks: pending }
    if (Object.values(left).every((count) => count === 0)) return
    if (told++ % 40 === 0) say(`settling: ${JSON.stringify(left)}`)
  }
}
