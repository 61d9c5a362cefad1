import { expect, test } from 'vitest'
import { createEndings } from './endings.js'

const seen = (until: AbortSignal) =>
  new Promise<string>((resolve) => until.addEventListener('abort', () => resolve(String(until.reason)), { once: true }))

test('work ends with its own signal, or with all; what is over is forgotten', async () => {
  const endings = createEndings()
  const own = new AbortController()
  const first = endings.during(own.signal, seen)
  const second = endings.during(undefined, seen)
  own.abort('mine')
  expect(await first).toBe('mine')
  expect(endings.size).toBe(1)
  endings.endAll()
  await second
  expect(endings.size).toBe(0)
  expect(endings.begin().signal.aborted).toBe(true)
})

test('one that ends is ended, and leaves the others', () => {
  const endings = createEndings()
  const [one, other] = [endings.begin(), endings.begin()]
  endings.end(one)
  expect([one.signal.aborted, other.signal.aborted, endings.size]).toEqual([true, false, 1])
})
