import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { startRedis } from '@afo/sandbox/redis'
import { startSupabase } from '@afo/sandbox/supabase'
import type { DoorWorld } from './door/server.js'
import { type Figure, type FigureSet, quantile, toFigure } from './figure.js'

const runs = 5
const connections = 16
const perRun = 800

/** A request through the gateway's door beside a bare Express 5 route. Both live in one thread, the clients in this one; runs alternate. */
export const doorFigures: FigureSet = {
  title: "The gateway's door",
  intro: `A POST with its id, headers, limits, a warm session, schemas and a line in the audit log, beside an Express route that does the same work on the same Redis and Postgres; ${connections} clients at once. Throughput: higher is better; p99: lower.`,
  names: ['door throughput', 'door p99'],
  async *measure(wanted) {
    for (const figure of await measure()) if (wanted(figure.name)) yield figure
  },
}

async function measure(): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  // Postgres runs as another user where this process is root.
  await chmod(dir, 0o755)
  const redis = await startRedis({ dir: join(dir, 'redis') })
  const person = { email: 'ada@example.com', password: 'correct horse battery staple' }
  const supabase = await startSupabase({
    stateDir: join(dir, 'supabase'),
    seedFile: null,
    durable: false,
    admin: person,
  })
  const world: DoorWorld = { redisUrl: redis.url, supabaseUrl: supabase.url, secretKey: supabase.secretKey }
  const worker = new Worker(new URL('./door/server.js', import.meta.url), { workerData: world })
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const [urls] = (await once(worker, 'message')) as [{ door: string; bare: string }]
    const token = await signIn(supabase, person)
    const measured = { door: [] as Run[], bare: [] as Run[] }
    // By itself: the local Supabase grants its roles what they need in its first calls, and two of those at once trip over each other (a 503).
    await post(agent, urls.door, token)
    for (const side of ['door', 'bare'] as const) await load(agent, urls[side], token, 200)
    for (let run = 0; run < runs; run++) {
      const order = run % 2 === 0 ? (['door', 'bare'] as const) : (['bare', 'door'] as const)
      for (const side of order) measured[side].push(await load(agent, urls[side], token, perRun))
    }
    const of = (side: 'door' | 'bare', what: keyof Run) => measured[side].map((run) => run[what])
    const peer = 'bare Express 5 route'
    return [
      toFigure('door throughput', 'requests/s', peer, of('door', 'perSecond'), of('bare', 'perSecond')),
      toFigure('door p99', 'ms', peer, of('door', 'p99'), of('bare', 'p99')),
    ]
  } finally {
    agent.destroy()
    await worker.terminate()
    await supabase.close()
    await redis.close()
    await rm(dir, { recursive: true, force: true })
  }
}

interface Run {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
}

/** So many requests over so many connections, each sent when the one before it is answered. */
async function load(agent: Agent, url: string, token: string, requests: number): Promise<Run> {
  const times: number[] = []
  let left = requests
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const sent = performance.now()
        await post(agent, url, token)
        times.push(performance.now() - sent)
      }
    }),
  )
  return { perSecond: (requests * 1000) / (performance.now() - began), p99: quantile(times, 0.99) }
}

const body = JSON.stringify({ costCenterId: '6f9619ff-8b86-4d11-b42d-00c04fc964ff', dueDate: '2026-11-25' })

/** @throws with what it answered instead of 200 */
function post(agent: Agent, url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, async (res) => {
      try {
        const answer = await text(res)
        if (res.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${res.statusCode}: ${answer}`))
      } catch (error) {
        reject(error)
      }
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

async function signIn(
  { url, publishableKey }: { url: string; publishableKey: string },
  person: object,
): Promise<string> {
  const response = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
  return ((await response.json()) as { access_token: string }).access_token
}
