import { type TimeScale, timeScale } from '@afo/kit'

/** The sandbox's own time: the machine's, moved by the control door; durations shrink with TIME_SCALE, instants don't. */
export class SandboxClock {
  #offsetMs: number
  readonly scale: TimeScale

  constructor(factor = 1, offsetMs = 0) {
    this.scale = timeScale(factor, false)
    this.#offsetMs = offsetMs
  }

  /** Milliseconds since the epoch, as Xero sees it. */
  now(): number {
    return Date.now() + this.#offsetMs
  }

  /** How far Xero's time is ahead of the machine's, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  advance(ms: number): void {
    this.#offsetMs += ms
  }

  setNow(now: number): void {
    this.#offsetMs = now - Date.now()
  }

  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs
  }
}
