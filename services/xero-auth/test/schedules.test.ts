import { setTimeout as sleep } from 'node:timers/promises'
import { processEnvironment } from '@afo/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireToken, type Replica, type Rig, startRig } from './rig.js'

const runs = Number(processEnvironment().SCHEDULES ?? 25)
const seed = Number(processEnvironment().SEED ?? 20261123)

/** Small and repeatable: mulberry32. */
function generator(state: number): () => number {
  let s = state
  return () => {
    s = (s + 0x6d2b79f5) | 0
    let t = Math.imul(s ^ (s >>> 15), 1 | s)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

let rig: Rig
const replicas: Replica[] = []
beforeAll(async () => {
  rig = await startRig()
  for (let i = 0; i < 3; i++) replicas.push(await rig.start())
  expect((await rig.connect(replicas[0] as Replica)).body.outcome).toBe('connected')
})
afterAll(() => rig?.close())

test(
  `${runs} random schedules of expiry, death, slow and lost answers: none needs a person (seed ${seed})`,
  async () => {
    const random = generator(seed)
    const counts = { expiries: 0, lost: 0, slow: 0, deaths: 0, asked: 0, unavailable: 0, needPerson: 0 }
    for (let run = 0; run < runs; run++) {
      await expireToken(rig)
      counts.expiries++
      rig.identity.onToken = () => {
        const lost = random() < 0.3
        const slowMs = random() < 0.3 ? Math.floor(random() * 300) : 0
        if (lost) counts.lost++
        if (slowMs > 0) counts.slow++
        return { lost, slowMs }
      }
      const asking = Array.from({ length: 1 + Math.floor(random() * 6) }, async () => {
        const replica = replicas[Math.floor(random() * replicas.length)] as Replica
        await sleep(random() * 100)
        return (await rig.ask(replica, 'GET', '/token')).status
      })
      if (random() < 0.3) {
        // A process that dies while it refreshes: its lease stays until it ends by itself, whatever it got is gone.
        await sleep(random() * 150)
        counts.deaths++
        await rig.db.sql(`update xero_tokens set lease_owner = 'the dead', lease_until = now() + interval '300 milliseconds'
        where lease_owner is not null`)
      }
      for (const status of await Promise.all(asking)) {
        counts.asked++
        if (status === 503) counts.unavailable++
        else expect(status).toBe(200)
      }
      rig.identity.onToken = () => ({})
      const calm = await rig.ask(replicas[run % replicas.length] as Replica, 'GET', '/token')
      const works = await fetch(`${rig.xero.url}/connections`, {
        headers: { authorization: `Bearer ${calm.body.accessToken}` },
      })
      if (calm.status !== 200 || works.status !== 200) counts.needPerson++
    }
    console.log(JSON.stringify({ runs, seed, ...counts }))
    expect(counts.needPerson).toBe(0)
  },
  60_000 + runs * 3_000,
)
