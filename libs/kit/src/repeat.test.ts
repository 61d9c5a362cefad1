import { describe, expect, it } from 'vitest'
import { AppError } from './errors.js'
import { jittered, repeat } from './repeat.js'

describe('repeat', () => {
  it('goes on after a failure, tells it with its number in a row, and ends with the signal', async () => {
    const until = new AbortController()
    const told: unknown[] = []
    const outcomes = [() => 1, () => fail('first'), () => fail('second'), () => 0, () => fail('third')]
    await repeat(
      async () => {
        const next = outcomes.shift()
        if (!next) until.abort()
        return next?.() ?? 0
      },
      until.signal,
      (error, failures) => told.push([error.message, failures]),
    )
    expect(told).toEqual([
      ['first', 1],
      ['second', 2],
      ['third', 1],
    ])
  })

  it('does not begin once the signal has aborted', async () => {
    await repeat(
      () => Promise.reject(new Error('begun')),
      AbortSignal.abort(),
      (error) => expect.fail(error.message),
    )
  })

  it('spreads a pause over its upper half', () => {
    expect([jittered(1000, 0), jittered(1000, 0.999)]).toEqual([500, 1000])
  })
})

function fail(message: string): never {
  throw new AppError('unavailable', message)
}
