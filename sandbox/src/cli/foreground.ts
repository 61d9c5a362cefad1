import { type Closers, createLog, runProcess } from '@afo/kit'
import { describeError, say } from './output.js'

/** Runs a command in the foreground until a signal, or until npm, which started it, is gone. What goes wrong is said in words. */
export function runInForeground(
  name: string,
  start: (closers: Closers, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  return runProcess(
    async (signal, closers) => {
      signal.addEventListener('abort', () => say('stopping'))
      try {
        await start(closers, signal)
      } catch (error) {
        if (!signal.aborted) process.stderr.write(`\n${describeError(error)}\n`)
        throw error
      }
    },
    { log: createLog(name, 'silent'), deadlineMs: 60_000, followParent: true },
  )
}
