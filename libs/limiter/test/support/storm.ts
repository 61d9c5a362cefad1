import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sleep } from '@afo/kit'
import { connectApp, startXero } from '@afo/sandbox/xero'
import { redisScripts, testRedis } from '@afo/testing'

export interface Storm {
  readonly seconds: number
  readonly factor: number
  readonly random: () => number
}

const program = fileURLToPath(new URL('./replica.mjs', import.meta.url))
const app = { clientId: 'A'.repeat(32), clientSecret: 'secret', redirectUris: ['http://localhost/callback'] }

/** Four replicas as processes, their clocks apart, killed, frozen and their Redis flushed, against the Xero that counts as Xero counts. */
export async function storm({ seconds, factor, random }: Storm) {
  const windowMs = 60_000 / factor
  // Past its lease.
  const freezeMs = Math.max(2_000, 10_000 / factor) * 1.25
  const redis = await testRedis()
  const control = await redisScripts(redis.url)
  const xero = await startXero({ apps: [app], timeScale: factor, limits: { perDay: 1_000_000 } })
  const { access_token: token } = await connectApp(xero.url, app)
  const tenant = xero.control.organisations()[0]?.OrganisationID ?? ''
  xero.control.addFault({ kind: 'slow', ms: 15, times: 0 })
  xero.control.clearCalls()
  const skews = [0, 60_000, -60_000, 3_600_000]
  const start = (i: number) =>
    spawn(process.execPath, [program, redis.url, xero.url, tenant, token, String(factor), String(skews[i])], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const replicas: ChildProcess[] = skews.map((_, i) => start(i))
  const counts = { kills: 0, freezes: 0, flushes: 0 }
  const end = performance.now() + seconds * 1000
  let endedAt = 0
  try {
    for (let turn = 1; performance.now() < end; turn++) {
      await sleep(windowMs * (0.15 + random() * 0.25))
      const i = Math.floor(random() * replicas.length)
      if (turn % 3 === 0) {
        replicas[i]?.kill('SIGKILL')
        replicas[i] = start(i)
        counts.kills++
      } else if (turn % 3 === 1) {
        const frozen = replicas[i]
        frozen?.kill('SIGSTOP')
        void sleep(freezeMs).then(() => frozen?.kill('SIGCONT'))
        counts.freezes++
      } else {
        await control.runScript("return redis.call('FLUSHALL')", [], [])
        counts.flushes++
      }
    }
  } finally {
    endedAt = Date.now()
    for (const replica of replicas) replica.kill('SIGKILL')
    await control.close()
    await redis.close()
    await xero.close()
  }
  const calls = xero.control.calls()
  const at = calls.map(({ atMs }) => atMs)
  return {
    ...counts,
    calls: calls.length,
    refused: calls.filter(({ admitted }) => !admitted).length,
    /** Refused ones count too: what arrived, not what was let in. */
    mostInAnyMinute: Math.max(...at.map((from, i) => at.slice(i).filter((other) => other < from + windowMs).length)),
    mostAtOnce: Math.max(...calls.map(({ concurrent }) => concurrent)),
    used: used(at, endedAt, windowMs),
  }
}

/** How full Xero's minute was on the average since the first call: each takes one of 60 places for one window. */
function used(at: readonly number[], endedAt: number, windowMs: number): number {
  const taken = at.reduce((sum, from) => sum + Math.min(windowMs, endedAt - from), 0)
  return taken / (60 * (endedAt - (at[0] ?? 0)))
}
