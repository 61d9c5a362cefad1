import { AsyncLocalStorage } from 'node:async_hooks'
import { sleep } from '@afo/kit'
import { expect, it } from 'vitest'
import { createTurns } from './turns.js'

const hold = () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  return { held, release }
}

it('runs no more than its width of one priority at once', async () => {
  const turns = createTurns({ width: 2, depth: 100 })
  let running = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++running)
    await sleep(5)
    running--
  }
  await Promise.all(Array.from({ length: 10 }, () => turns.take('schedule', 5_000, work)))
  expect(most).toBe(2)
})

it('does each work in the context that asked for it', async () => {
  const turns = createTurns({ width: 1, depth: 10 })
  const context = new AsyncLocalStorage<string>()
  const ask = (who: string) =>
    context.run(who, () => turns.take('invoice', 5_000, () => sleep(5).then(() => context.getStore())))
  expect(await Promise.all(['a', 'b', 'c'].map(ask))).toEqual(['a', 'b', 'c'])
})

it("never lets one priority's crowd hold up another", async () => {
  const turns = createTurns({ width: 1, depth: 100 })
  const { held, release } = hold()
  const crowd = [1, 2, 3].map(() => turns.take('reconcile', 5_000, () => held))
  expect(await turns.take('person', 5_000, async () => 'served')).toBe('served')
  release()
  await Promise.all(crowd)
})

it('tells who waits too long, and then never does the work', async () => {
  const turns = createTurns({ width: 1, depth: 100 })
  const { held, release } = hold()
  const first = turns.take('person', 5_000, () => held)
  let done = false
  const late = await turns.take('person', 20, async () => {
    done = true
  })
  expect(late).toBeNull()
  release()
  await first
  await turns.take('person', 5_000, async () => undefined)
  expect(done).toBe(false)
})

it('lets work that has begun take its time', async () => {
  const turns = createTurns({ width: 1, depth: 1 })
  expect(await turns.take('person', 200, () => sleep(400).then(() => 'done'))).toBe('done')
})

it('turns away what is more than its depth', async () => {
  const turns = createTurns({ width: 1, depth: 1 })
  const { held, release } = hold()
  const begun = hold()
  const first = turns.take('person', 5_000, async () => {
    begun.release()
    await held
  })
  await begun.held
  const second = turns.take('person', 5_000, async () => 'second')
  expect(await turns.take('person', 5_000, async () => 'third')).toBeNull()
  release()
  await first
  expect(await second).toBe('second')
})

it('hands on a failure, and drops what waits when it closes', async () => {
  const turns = createTurns({ width: 1, depth: 10 })
  await expect(turns.take('person', 5_000, () => Promise.reject(new Error('ours')))).rejects.toThrow('ours')
  const { held, release } = hold()
  const begun = hold()
  const running = turns.take('person', 5_000, async () => {
    begun.release()
    await held
    return 'ended'
  })
  await begun.held
  const waiting = turns.take('person', 5_000, async () => 'never')
  const closed = turns.close()
  expect(await waiting).toBeNull()
  release()
  expect(await running).toBe('ended')
  await closed
  expect(await turns.take('person', 5_000, async () => 'after')).toBeNull()
})

it('has more patience with what nobody waits for', async () => {
  const turns = createTurns({ width: 1, depth: 10 })
  const running = (['person', 'schedule'] as const).map((priority) => ({ priority, ...hold() }))
  const ends = running.map(({ priority, held }) => turns.take(priority, 5_000, () => held))
  const waiting = running.map(({ priority }) => turns.take(priority, 300, async () => 'done'))
  expect(await waiting[0]).toBeNull()
  for (const { release } of running) release()
  expect(await waiting[1]).toBe('done')
  await Promise.all(ends)
})
