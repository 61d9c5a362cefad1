import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sleep } from '@afo/kit'
import { testRedis } from '@afo/testing'
import { connectReplica } from './scripts.js'
import { json, stubXero } from './stub-xero.js'

export interface Storm {
  readonly seconds: number
  readonly factor: number
  readonly random: () => number
  readonly faults: { readonly kills: boolean; readonly freezes: boolean; readonly flushes: boolean }
}

const program = fileURLToPath(new URL('./replica.mjs', import.meta.url))

/** Four replicas as processes, killed, frozen and their Redis flushed, against a server that counts as Xero counts. */
export async function storm({ seconds, factor, random, faults }: Storm) {
  const windowMs = 60_000 / factor
  const redis = await testRedis()
  const control = connectReplica(redis.url)
  const xero = await stubXero(async (_call, response) => {
    const used = xero.arrived.filter(({ at }) => at > performance.now() - windowMs).length
    await sleep(5 + random() * 25)
    json(response, 200, {}, { 'x-minlimit-remaining': String(Math.max(0, 60 - used)) })
  })
  const skews = [0, 60_000, -60_000, 3_600_000]
  const start = (i: number) =>
    spawn(process.execPath, [program, redis.url, xero.url, 'tenant', String(factor), String(skews[i])], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const replicas: ChildProcess[] = skews.map((_, i) => start(i))
  const counts = { kills: 0, freezes: 0, flushes: 0 }
  const any = () => Math.floor(random() * replicas.length)
  const end = performance.now() + seconds * 1000
  let flushed = 0
  try {
    for (let turn = 1; performance.now() < end; turn++) {
      await sleep(400 + random() * 800)
      const i = any()
      if (faults.kills && turn % 3 === 0) {
        replicas[i]?.kill('SIGKILL')
        replicas[i] = start(i)
        counts.kills++
      } else if (faults.freezes && turn % 3 === 1) {
        const frozen = replicas[i]
        frozen?.kill('SIGSTOP')
        // Past its lease and past half a window.
        void sleep(2_500).then(() => frozen?.kill('SIGCONT'))
        counts.freezes++
      } else if (faults.flushes && performance.now() - flushed > 10_000) {
        await control.runScript("return redis.call('FLUSHALL')", [], [])
        flushed = performance.now()
        counts.flushes++
      }
    }
  } finally {
    for (const replica of replicas) replica.kill('SIGKILL')
    await control.close()
    await xero.close()
    await redis.close()
  }
  const first = xero.arrived[0]?.at ?? 0
  const last = xero.arrived.at(-1)?.at ?? 0
  const idealMs = Math.floor((xero.arrived.length - 1) / 60) * windowMs
  return {
    ...counts,
    calls: xero.arrived.length,
    mostInWindow: xero.mostIn(windowMs),
    mostAtOnce: xero.mostAtOnce(),
    /** The time that the calls need at least, by the time they took. */
    used: idealMs / (last - first),
  }
}
