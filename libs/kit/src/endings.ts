/**
 * Signals of short work that all end with something long-lived. `AbortSignal.any` over the long-lived one would leave a trace in it for every signal that it
 * ever made (nodejs/node issues 55351 and 62363).
 */
export function createEndings() {
  const open = new Set<AbortController>()
  let over = false
  const endings = {
    begin(): AbortController {
      const one = new AbortController()
      if (over) one.abort()
      else open.add(one)
      return one
    },
    end(one: AbortController): void {
      open.delete(one)
      one.abort()
    },
    endAll(): void {
      over = true
      for (const one of open) endings.end(one)
    },
    /** Does work whose signal ends with its own and with all. */
    async during<T>(signal: AbortSignal | undefined, work: (until: AbortSignal) => Promise<T>): Promise<T> {
      const one = endings.begin()
      try {
        return await work(signal ? AbortSignal.any([signal, one.signal]) : one.signal)
      } finally {
        open.delete(one)
      }
    },
    get size(): number {
      return open.size
    },
  }
  return endings
}
