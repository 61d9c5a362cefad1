import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Handled, Order, Sent } from './pair.js'
import { openSide, type SideName } from './side.js'

const given = JSON.parse(process.argv[2] ?? '{}') as { side: SideName; redisUrl: string; namespace: string }
const opening = openSide(given.side, given.redisUrl, given.namespace)
const now = () => performance.timeOrigin + performance.now()

let handledAt = new Map<string, number>()
let [total, expected] = [0, 0]

function handled(id: string): void {
  handledAt.set(id, now())
  // A little longer than the last one takes, for one too many to show.
  if (++total === expected) setTimeout(report, 30, now())
}

function report(finishedAt: number): void {
  answer({ finishedAt, total, handledAt: Object.fromEntries(handledAt) } satisfies Handled)
}

async function send({ count, batch, everyMs }: Extract<Order, { do: 'send' }>): Promise<Sent> {
  const side = await opening
  const ids = Array.from({ length: count }, () => randomUUID() as string)
  const sentAt: Record<string, number> = {}
  const startedAt = now()
  const sending: Promise<void>[] = []
  for (let i = 0; i < count; i += batch) {
    const part = ids.slice(i, i + batch)
    if (everyMs === undefined) {
      await side.send(part)
      continue
    }
    // Open loop: the next one is sent on time, whatever became of the one before.
    await wait(startedAt + (i / batch) * everyMs - now())
    for (const id of part) sentAt[id] = now()
    sending.push(side.send(part))
  }
  await Promise.all(sending)
  return { startedAt, sentAt }
}

function answer(value: unknown): void {
  process.send?.(value)
}

process.on('message', async (order: Order) => {
  const side = await opening
  if (order.do === 'handle') {
    await side.handle(order.concurrency, handled)
    answer('ready')
  }
  if (order.do === 'expect') {
    handledAt = new Map()
    total = 0
    expected = order.count
  }
  if (order.do === 'send') answer(await send(order))
  if (order.do === 'close') {
    await side.close()
    process.exit()
  }
})
process.on('disconnect', () => process.exit())
