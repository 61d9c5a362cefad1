import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { SideName } from './side.js'

/** What a run is told, and what its two processes answer. Instants are milliseconds of the machine's one clock. */
export type Order =
  | { readonly do: 'handle'; readonly concurrency: number }
  | { readonly do: 'expect'; readonly count: number }
  | { readonly do: 'send'; readonly count: number; readonly batch: number; readonly everyMs?: number }
  | { readonly do: 'close' }

export interface Sent {
  readonly startedAt: number
  /** Instants by id, where each was sent by itself. */
  readonly sentAt: Readonly<Record<string, number>>
}

export interface Handled {
  readonly finishedAt: number
  readonly total: number
  readonly handledAt: Readonly<Record<string, number>>
}

/** A sending and a handling process of one side, by themselves on a Redis that others may use. */
export class Pair {
  private constructor(
    private readonly sender: ChildProcess,
    private readonly handler: ChildProcess,
  ) {}

  static async start(side: SideName, redisUrl: string, concurrency: number): Promise<Pair> {
    const namespace = `bench-${randomUUID()}`
    const child = fileURLToPath(new URL('./child.js', import.meta.url))
    const start = () =>
      fork(child, [JSON.stringify({ side, redisUrl, namespace })], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const pair = new Pair(start(), start())
    await ask(pair.handler, { do: 'handle', concurrency })
    return pair
  }

  /** @throws when a message is missing or was handled twice */
  async run(count: number, batch: number, everyMs?: number): Promise<{ seconds: number; latencies: number[] }> {
    const handling = ask(this.handler, { do: 'expect', count })
    const sent = (await ask(this.sender, {
      do: 'send',
      count,
      batch,
      ...(everyMs === undefined ? {} : { everyMs }),
    })) as Sent
    const { finishedAt, total, handledAt } = (await handling) as Handled
    const unique = Object.keys(handledAt).length
    if (total !== count || unique !== count)
      throw new Error(`${count} sent, ${total} handled, ${unique} different ones`)
    const latencies = Object.entries(sent.sentAt).map(([id, at]) => (handledAt[id] ?? Number.NaN) - at)
    return { seconds: (finishedAt - sent.startedAt) / 1000, latencies }
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.sender, this.handler].map(async (child) => {
        const exit = once(child, 'exit')
        child.send({ do: 'close' } satisfies Order)
        await exit
      }),
    )
  }
}

async function ask(child: ChildProcess, order: Order): Promise<unknown> {
  const answered = new AbortController()
  const ended = once(child, 'exit', answered).then(() => Promise.reject(new Error('a process of the bench ended')))
  const answer = once(child, 'message', answered)
  child.send(order)
  try {
    const [message] = await Promise.race([answer, ended])
    return message
  } finally {
    answer.catch(() => undefined)
    ended.catch(() => undefined)
    answered.abort()
  }
}
