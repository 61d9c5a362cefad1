import { describe, expect, it } from 'vitest'
import { SlidingWindow } from './limits.js'

describe('SlidingWindow', () => {
  it('counts what is inside, and tells when one more fits', () => {
    const window = new SlidingWindow(1000)
    for (const at of [0, 100, 200]) window.add(at)
    expect(window.count(999)).toBe(3)
    expect(window.waitMs(999, 3)).toBe(1)
    expect(window.count(1000)).toBe(2)
    expect(window.count(1200)).toBe(0)
  })

  it('keeps counting over a long life', () => {
    const window = new SlidingWindow(10)
    for (let at = 0; at < 20_000; at++) {
      window.add(at)
      expect(window.count(at)).toBe(Math.min(at + 1, 10))
    }
    expect(window.times()).toHaveLength(10)
  })
})
