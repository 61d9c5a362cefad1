import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sleep } from '@afo/kit'
import { httpStub, json, redisScripts, testRedis } from '@afo/testing'

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
  const control = await redisScripts(redis.url)
  // As Xero does: a call over the limit is refused and spends nothing.
  const admitted: number[] = []
  let refused = 0
  const xero = await httpStub(async ({ at }, response) => {
    const inWindow = admitted.filter((other) => other > at - windowMs)
    const full = inWindow.length >= 60
    if (full) refused++
    else admitted.push(at)
    const left = String(Math.max(0, 59 - inWindow.length))
    const wait = String(Math.ceil((inWindow[0] ?? at) + windowMs - at))
    await sleep(5 + random() * 25)
    json(response, full ? 429 : 200, {}, { 'x-minlimit-remaining': left, ...(full ? { 'retry-after-ms': wait } : {}) })
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
  const idealMs = Math.floor((admitted.length - 1) / 60) * windowMs
  return {
    ...counts,
    calls: admitted.length,
    refused,
    mostAtOnce: xero.mostAtOnce(),
    /** The time that the calls need at least, by the time they took. */
    used: idealMs / ((admitted.at(-1) ?? 0) - (admitted[0] ?? 0)),
  }
}
