/** Runs at most so many at once, first come first served. */
export class Slots {
  #running = 0
  readonly #queue: (() => Promise<void>)[] = []
  readonly #waiting = new Set<() => void>()

  constructor(readonly size: number) {}

  get free(): number {
    return Math.max(0, this.size - this.#running - this.#queue.length)
  }

  /** @param task never rejects */
  run(task: () => Promise<void>): void {
    if (this.#running < this.size) void this.#start(task)
    else this.#queue.push(task)
  }

  /** Resolves when a task has ended, and with it the others of the same turn, so that a whole batch can be read; or after `ms`, or when woken. */
  freed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        setImmediate(resolve)
      }
      const timer = setTimeout(wake, ms)
      this.#waiting.add(wake)
    })
  }

  wake(): void {
    for (const wake of this.#waiting) wake()
  }

  async #start(task: () => Promise<void>): Promise<void> {
    this.#running++
    for (let next: (() => Promise<void>) | undefined = task; next; next = this.#queue.shift()) await next()
    this.#running--
    this.wake()
  }
}
