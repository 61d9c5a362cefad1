import { usageOf } from '@afo/sandbox/stack'
import { Admin, InXero } from '@afo/sandbox/story'
import { connectDatabase, type Sql } from '@afo/sandbox/supabase'
import { z } from 'zod'
import { type Figure, type FigureSet, toFigure } from './figure.js'
import { openOffice } from './office.js'

/** A minute of Xero's is twelve seconds here, and the product still has time to fill it on two cores. */
const TIME_SCALE = 5
const MINUTE_MS = 60_000 / TIME_SCALE
const PER_MINUTE = 60
/** On every plan of Xero's but the smallest. */
const PER_DAY = 5_000
/** Clients written by one request. */
const BATCH = 50

const sizes: Readonly<Record<string, number>> = { '1k': 1_000, '10k': 10_000, '100k': 100_000 }
const namesOf = (size: string) => ({
  calls: `first sync of ${size}: calls`,
  // The calls of 1k fit into one minute however slowly they come.
  ...(size === '1k' ? {} : { minute: `first sync of ${size}: calls a minute` }),
  day: `first sync of ${size}: calls of a day`,
  memory: `first sync of ${size}: peak memory`,
})

/** Clients that Xero has never seen become its contacts, in one job, from the smallest number to the largest. */
export const syncFigures: FigureSet = {
  title: 'The first sync of a company',
  intro: `Clients that Xero has never seen become contacts by one press of a button, on the whole stack beside the sandbox Xero; one run each, and afterwards each client must be in Xero exactly once. Calls are all that were made about contacts: beside the batches written, the reads that Xero's own webhooks about them cause (the sandbox dates a notice like its contact, so that our own writes cause none; Xero doesn't say how it does). Time runs ${TIME_SCALE} times as fast, Xero's limits included; calls a minute are those of the full minutes of its time, so a ratio of 1 is all that Xero allows. Memory is contact-sync's. 100k takes a quarter of an hour or more even so; it is measured, with the day's limit lifted, on request only: \`-- --only "first sync of 100k"\`.`,
  names: Object.keys(sizes).flatMap((size) => Object.values(namesOf(size))),
  onRequest: Object.values(namesOf('100k')),
  linuxOnly: true,
  async *measure(wanted) {
    const office = await openOffice(TIME_SCALE)
    const sql = connectDatabase(office.databaseUrl, { max: 1 })
    const xero = new InXero(office.xeroUrl)
    try {
      const admin = await Admin.signIn(office)
      await admin.saveCredentials(office.xeroApp)
      await admin.connect()
      const sync = async () => (await admin.run('/admin/xero/sync-clients', {}, () => undefined)).result
      await sync()
      for (const [size, clients] of Object.entries(sizes)) {
        if (!Object.values(namesOf(size)).some(wanted)) continue
        // A day's calls are too few for 100k, which would wait for the next day.
        await xero.allow(size === '100k' ? 4 * PER_DAY : PER_DAY)
        await addClients(sql, size, clients)
        await xero.forgetCalls()
        const { created } = synced.parse(await sync())
        const calls = (await xero.calls()).calls.filter(({ endpoint }) => endpoint.includes('/Contacts'))
        const there = (await xero.ledger()).contacts
          .map(({ Name }) => Name)
          .filter((name) => name.endsWith(` of ${size}`))
        if (created !== clients || there.length !== clients || new Set(there).size !== clients)
          throw new Error(`Of ${clients} clients ${created} were created, and ${there.length} are in Xero`)
        const pid = office.processes.find(({ name }) => name === 'contact-sync')?.pid ?? Number.NaN
        const times = calls.map(({ atMs }) => atMs)
        const figures = judged(size, clients, times, usageOf(pid).peakKb / 1024)
        yield* figures.filter(({ name }) => wanted(name))
      }
    } finally {
      await sql.end({ timeout: 5 })
      await office.close()
    }
  },
}

const synced = z.looseObject({ created: z.number() })

function judged(size: string, clients: number, times: readonly number[], peakMiB: number): Figure[] {
  const names = namesOf(size)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const minutes = Math.floor((last - first) / MINUTE_MS)
  const inFull = times.filter((at) => at < first + minutes * MINUTE_MS).length
  return [
    toFigure(names.calls, 'calls', `full batches of ${BATCH}`, [times.length], [clients / BATCH]),
    ...(names.minute ? [toFigure(names.minute, 'calls', "Xero's limit", [inFull / minutes], [PER_MINUTE])] : []),
    toFigure(names.day, 'calls', "Xero's limit", [times.length], [PER_DAY]),
    toFigure(names.memory, 'MiB', 'promised for idle', [peakMiB], [150]),
  ]
}

async function addClients(sql: Sql, size: string, count: number): Promise<void> {
  await sql`insert into clients (name, email, city)
    select 'Client ' || n || ' of ' || ${size}::text, 'c' || n || '@company-of-' || ${size}::text || '.example', 'Oban' from generate_series(1, ${count}) n`
}
