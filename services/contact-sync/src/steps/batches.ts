import type { ExchangePlan } from '@afo/contacts'
import { type Run, settle } from './run.js'
import { writeBatch } from './write.js'

/** Xero's recommendation for one write. */
const batchSize = 50
/** Writes at once: Xero takes five calls at a time, and one of them is a person's. */
const atOnce = 4

export interface Batches {
  /** Keeps what needs no write at once, and gathers what does. */
  add(plans: readonly ExchangePlan[]): Promise<void>
  /** Writes the rest and waits for all; answers how many were left, to be planned anew. */
  end(): Promise<number>
}

/** Carries plans out: gathered into full batches, several written at a time; never more in memory than that. The first failure ends it once the others are done. */
export function inBatches(run: Run): Batches {
  let open: ExchangePlan[] = []
  let left = 0
  const failures: unknown[] = []
  const running = new Set<Promise<void>>()

  const start = (batch: readonly ExchangePlan[]) => {
    const writing = writeBatch(run, batch)
      .then(
        (some) => {
          left += some
        },
        (thrown: unknown) => void failures.push(thrown),
      )
      .finally(() => running.delete(writing))
    running.add(writing)
  }
  const all = async () => {
    await Promise.all(running)
    if (failures.length > 0) throw failures[0]
  }
  return {
    async add(plans) {
      const ended = plans.filter((plan) => plan.write === null).map((plan) => plan.outcome)
      await settle(run, ended)
      open.push(...plans.filter((plan) => plan.write !== null))
      while (open.length >= batchSize) {
        start(open.slice(0, batchSize))
        open = open.slice(batchSize)
        if (running.size >= atOnce) await Promise.race(running)
        if (failures.length > 0) await all()
      }
    },
    async end() {
      if (open.length > 0) start(open)
      open = []
      await all()
      return left
    },
  }
}
