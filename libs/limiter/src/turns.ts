import { AsyncResource } from 'node:async_hooks'
import Bottleneck from 'bottleneck'
import { type Priority, patienceOf, priorities } from './priority.js'

/**
 * The process's own queue in front of the shared limiter: for each priority at most `width` calls stand in the shared line, and at most `depth`
 * wait here. A person's call never queues behind this process's own reconciling.
 */
export function createTurns({ width, depth }: { readonly width: number; readonly depth: number }) {
  const queues = new Map(
    priorities.map((priority) => {
      const options = { maxConcurrent: width, highWater: depth, strategy: Bottleneck.strategy.OVERFLOW }
      return [priority, new Bottleneck(options)] as const
    }),
  )
  return {
    /** The work's result; null when there was no turn within `patienceOf` its priority, in which case the work never runs. */
    async take<T>(priority: Priority, maxWaitMs: number, work: () => Promise<T>): Promise<T | null> {
      // The queue begins work from within whatever else has ended, and work must know for whom it is.
      const mine = AsyncResource.bind(work)
      let given: 'no' | 'yes' | 'late' = 'no'
      let patience: NodeJS.Timeout | undefined
      const waited = new Promise<null>((resolve) => {
        const giveUp = () => {
          if (given === 'no') given = 'late'
          if (given === 'late') resolve(null)
        }
        patience = setTimeout(giveUp, patienceOf(priority, maxWaitMs)).unref()
      })
      const turn = queues.get(priority)?.schedule(async () => {
        if (given === 'late') return null
        given = 'yes'
        // It would hold the work's result, a page of Xero's, for as long as it runs.
        clearTimeout(patience)
        return mine()
      })
      const dropped = (thrown: unknown) => {
        if (thrown instanceof Bottleneck.BottleneckError) return null
        throw thrown
      }
      return Promise.race([Promise.resolve(turn ?? null).catch(dropped), waited])
    },
    /** Drops what waits, lets what runs end. */
    async close(): Promise<void> {
      await Promise.all([...queues.values()].map((queue) => queue.stop({ dropWaitingJobs: true })))
    },
  }
}
