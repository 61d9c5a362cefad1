import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { processEnvironment } from '@afo/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireToken, type ReplicaProcess, type Rig, startRig } from './rig.js'

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
const replicas: ReplicaProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'xero-auth-'))
const failpoints = join(folder, 'failpoint')
const start = () => rig.spawn({ FAILPOINT_FILE: failpoints })

const counts = {
  runs: 0,
  lost: 0,
  slow: 0,
  killed: 0,
  killedBeforeSaving: 0,
  asked: 0,
  unavailable: 0,
  cut: 0,
  needPerson: 0,
}

beforeAll(async () => {
  rig = await startRig()
  replicas.push(...(await Promise.all([start(), start(), start()])))
  expect((await rig.connect(replicas[0] as ReplicaProcess)).body.outcome).toBe('connected')
})
afterAll(async () => {
  console.log(JSON.stringify({ seed, ...counts }))
  await rig?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What an asker gets: a status, or a connection that was cut off by a death. */
const ask = (replica: ReplicaProcess) =>
  rig.ask(replica, 'GET', '/token').then(
    ({ status }) => status,
    () => 'cut' as const,
  )

/** The lease of the dead runs out, the one thing that time alone heals. Where a live one has it, that one copes with losing it. */
const leaseRunsOut = () => rig.db.sql(`update xero_tokens set lease_until = now() where lease_until > now()`)

const kill = async (replica: ReplicaProcess) => {
  replica.kill()
  await replica.ended
}

/** Starts those again that are dead, as a supervisor does; answers how many there were. */
async function reviveTheDead(): Promise<number> {
  const dead = await Promise.all(replicas.map(({ ended }) => Promise.race([ended.then(() => true), wait(0, false)])))
  for (const [i, isDead] of dead.entries()) if (isDead) replicas[i] = await start()
  return dead.filter(Boolean).length
}

test(
  `${runs} random schedules of expiry, death, slow and lost answers: none needs a person (seed ${seed})`,
  async () => {
    const random = generator(seed)
    const anyReplica = () => replicas[Math.floor(random() * replicas.length)] as ReplicaProcess
    for (; counts.runs < runs; counts.runs++) {
      await expireToken(rig)
      rig.identity.onToken = () => {
        const lost = random() < 0.3
        const slowMs = random() < 0.3 ? Math.floor(random() * 300) : 0
        if (lost) counts.lost++
        if (slowMs > 0) counts.slow++
        return { lost, slowMs }
      }
      const fate = random()
      if (fate < 0.2) writeFileSync(failpoints, 'after-grant')
      const victim = fate > 0.85 ? wait(random() * 200, anyReplica()).then(kill) : undefined
      void Promise.race(replicas.map(({ ended }) => ended))
        .then(leaseRunsOut)
        .catch(() => undefined)
      const asking = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
        wait(random() * 100, anyReplica()).then(ask),
      )
      for (const outcome of await Promise.all(asking)) {
        counts.asked++
        if (outcome === 'cut') counts.cut++
        else if (outcome === 503) counts.unavailable++
        else expect(outcome).toBe(200)
      }
      await victim
      if (fate < 0.2 && !existsSync(failpoints)) {
        counts.killedBeforeSaving++
        await Promise.race(replicas.map(({ ended }) => ended))
      }
      rmSync(failpoints, { force: true })
      rig.identity.onToken = () => ({})
      const dead = await reviveTheDead()
      counts.killed += dead
      if (dead > 0) await leaseRunsOut()
      const calm = await rig.ask(anyReplica(), 'GET', '/token')
      const works = await fetch(`${rig.xero.url}/connections`, {
        headers: { authorization: `Bearer ${calm.body.accessToken}` },
      })
      if (calm.status !== 200 || works.status !== 200) counts.needPerson++
    }
    expect(counts.needPerson).toBe(0)
    expect(counts.killedBeforeSaving).toBeGreaterThan(0)
  },
  60_000 + runs * 3_000,
)
