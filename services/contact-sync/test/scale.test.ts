import { processEnvironment } from '@afo/kit'
import { type ServiceRig, serviceRig, usageOf } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import { addClients, bare, calls, contacts, editClient, reset } from './company.js'

// A tenth of the real thing, so that it fits CI, and in real time, so that no slow machine makes a call late. The real thing, in minutes:
// CLIENTS=10000 SCALE=10 npx vitest run services/contact-sync/test/scale.test.ts
const { CLIENTS, SCALE } = processEnvironment()
const n = Number(CLIENTS || 1_000)
const timeScale = Number(SCALE || 1)

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { timeScale, xero: bare(), main: new URL('../dist/main.js', import.meta.url) })
})
afterAll(() => rig?.close())

const sync = () => rig.run('contacts.sync')
const later = () => rig.xero.control.moveClock({ advanceMs: 900_000 })

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `Client ${count}-${i}`,
    email: `c${i}@company-of-${count}.example`,
    city: 'Oban',
  }))

const usage = () => usageOf(rig.replicas[0]?.pid as number)

/** Of the calls that Xero allowed in the full windows of its limit, how many were made. */
function used(): number {
  const window = 60_000 / timeScale
  const times = rig.xero.control.calls().map((call) => call.atMs)
  const begun = times[0] ?? 0
  const full = Math.floor(((times.at(-1) ?? 0) - begun) / window)
  return full === 0 ? 1 : times.filter((at) => at < begun + full * window).length / (60 * full)
}

test(`${n} new clients, then nothing, then one that changed`, { timeout: 900_000 }, async () => {
  await addClients(rig, people(100))
  await sync()
  const small = usage().peakKb

  await reset(rig)
  const [first = ''] = await addClients(rig, people(n))
  calls(rig)
  expect(await sync()).toMatchObject({ result: { created: n, failed: 0 } })
  expect(rig.xero.control.calls().filter((call) => call.status !== 200)).toEqual([])
  const share = used()
  expect(calls(rig)).toEqual({ 'GET /Contacts': 1, 'PUT /Contacts': n / 50 })
  expect(contacts(rig)).toHaveLength(n)
  const copy = () => rig.sql('select xmin::text, contact_id from xero_contacts order by contact_id')
  const before = await copy()

  later()
  expect(await sync()).toMatchObject({ result: { summary: 'Nothing had changed' } })
  // The clock of the stand-in alone was moved, so that a token which seems good is refused once.
  const echoes = rig.xero.control.calls().filter(({ method, status }) => method === 'GET' && status === 200).length
  calls(rig)
  expect(echoes).toBeLessThanOrEqual(Math.ceil(n / 1000))
  // Our own echoes: read once, and nothing written.
  expect(await copy()).toEqual(before)

  later()
  const idle = usage().cpuMs
  await sync()
  const work = usage().cpuMs - idle
  expect(calls(rig)['GET /Contacts']).toBeLessThanOrEqual(2)
  await editClient(rig, first, { phone: '1' })
  expect(await sync()).toMatchObject({ result: { updated: 1 } })
  expect(calls(rig)).toEqual({ 'GET /Contacts': 1, 'POST /Contacts': 1 })

  const ratio = usage().peakKb / small
  console.log(
    JSON.stringify({
      clients: n,
      timeScale,
      writes: n / 50,
      echoes,
      idleMs: work,
      usedOfAllowed: share,
      memoryRatio: ratio,
    }),
  )
  expect(work).toBeLessThan(1_000)
  // In a small run the heap's own growth is most of it.
  expect(ratio).toBeLessThanOrEqual(n >= 10_000 ? 1.3 : 1.6)
  if (n >= 10_000) expect(share).toBeGreaterThanOrEqual(0.95)
})
