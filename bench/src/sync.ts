import { usageOf } from '@afo/sandbox/stack'
import { Admin } from '@afo/sandbox/story'
import { connectDatabase, type Sql } from '@afo/sandbox/supabase'
import { z } from 'zod'
import { type Figure, type FigureSet, toFigure } from './figure.js'
import { openOffice } from './office.js'

/** A minute of Xero's is six seconds here, and the product still has time to fill it. */
const TIME_SCALE = 10
const MINUTE_MS = 60_000 / TIME_SCALE
const PER_MINUTE = 60
/** Clients written by one request. */
const BATCH = 50

const sizes: Readonly<Record<string, number>> = { '1k': 1_000, '10k': 10_000, '100k': 100_000 }
const namesOf = (size: string) => ({
  calls: `first sync of ${size}: calls`,
  minute: `first sync of ${size}: calls a minute`,
  memory: `first sync of ${size}: peak memory`,
})

/** Clients that Xero has never seen become its contacts, in one job, from the smallest number to the largest. */
export const syncFigures: FigureSet = {
  title: 'The first sync of a company',
  intro: `Clients that Xero has never seen become contacts by one press of a button. Time runs ${TIME_SCALE} times as fast, Xero's limits included; a minute's calls are those of the full minutes. Beyond the batches, what Xero's webhooks tell of is read. Memory is contact-sync's; 100k takes some six minutes: \`-- --only "first sync of 100k"\`.`,
  names: Object.keys(sizes).flatMap((size) => Object.values(namesOf(size))),
  onRequest: Object.values(namesOf('100k')),
  async *measure(wanted) {
    const office = await openOffice(TIME_SCALE)
    const sql = connectDatabase(office.databaseUrl, { max: 1 })
    try {
      const admin = await Admin.signIn(office)
      await admin.saveCredentials(office.xeroApp)
      await admin.connect()
      const sync = async () => (await admin.run('/admin/xero/sync-clients', {}, () => undefined)).result
      await sync()
      for (const [size, clients] of Object.entries(sizes)) {
        if (!Object.values(namesOf(size)).some(wanted)) continue
        await addClients(sql, size, clients)
        await fetch(`${office.xeroUrl}/_sandbox/calls`, { method: 'DELETE' })
        const result = synced.parse(await sync())
        if (result.created !== clients) throw new Error(`Not all of ${clients}: ${JSON.stringify(result)}`)
        const pid = office.processes.find(({ name }) => name === 'contact-sync')?.pid ?? Number.NaN
        const figures = judged(size, clients, await callsOf(office.xeroUrl), usageOf(pid).peakKb / 1024)
        yield* figures.filter(({ name }) => wanted(name))
      }
    } finally {
      await sql.end({ timeout: 5 })
      await office.close()
    }
  },
}

const synced = z.looseObject({ created: z.number() })
const callLog = z.object({ calls: z.array(z.object({ endpoint: z.string(), atMs: z.number() })) })

/** When each call came that was about contacts. */
async function callsOf(xeroUrl: string): Promise<readonly number[]> {
  const { calls } = callLog.parse(await (await fetch(`${xeroUrl}/_sandbox/calls`)).json())
  return calls.filter(({ endpoint }) => endpoint.includes('/Contacts')).map(({ atMs }) => atMs)
}

function judged(size: string, clients: number, times: readonly number[], peakMiB: number): Figure[] {
  const names = namesOf(size)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const minutes = Math.floor((last - first) / MINUTE_MS)
  // A few calls fit into one minute however slowly they come.
  const limited = clients / BATCH > PER_MINUTE && minutes > 0
  const inFull = times.filter((at) => at < first + minutes * MINUTE_MS).length
  return [
    toFigure(names.calls, 'calls', `full batches of ${BATCH}`, [times.length], [clients / BATCH]),
    ...(limited ? [toFigure(names.minute, 'calls', "Xero's limit", [inFull / minutes], [PER_MINUTE])] : []),
    toFigure(names.memory, 'MiB', 'promised for idle', [peakMiB], [150]),
  ]
}

async function addClients(sql: Sql, size: string, count: number): Promise<void> {
  await sql`insert into clients (name, email, city)
    select 'Client ' || n || ' of ' || ${size}::text, 'c' || n || '@company-of-' || ${size}::text || '.example', 'Oban' from generate_series(1, ${count}) n`
}
