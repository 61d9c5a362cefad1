import { createLog, type Log } from './log.js'

type Closer = { readonly name: string; readonly close: () => Promise<void> | void }

/** Everything that was opened, to be closed once, in reverse order, even if opening stopped half way. */
export class Closers {
  readonly #closers: Closer[] = []
  #closing: Promise<readonly Error[]> | undefined

  add(name: string, close: () => Promise<void> | void): void {
    this.#closers.push({ name, close })
  }

  /** Closes all; every closer runs even if an earlier one failed. Answers the failures. */
  close(): Promise<readonly Error[]> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<readonly Error[]> {
    const failures: Error[] = []
    for (const { name, close } of this.#closers.reverse()) {
      try {
        await close()
      } catch (cause) {
        failures.push(new Error(`closing ${name} failed`, { cause }))
      }
    }
    return failures
  }
}

/**
 * How Node runs a service, here as in its image: its heap grows by a tenth between collections instead of up to fourfold, without a limit that a big
 * page could run into. Measured with contact-sync: at 10,000 clients it needs 1.16 times the memory of 100; by Node's own rule it was twice.
 */
export const serviceFlags = ['--heap-growing-percent=10', '--max-semi-space-size=8'] as const

export interface RunOptions {
  readonly log: Log
  /** Milliseconds that running work gets after the first signal. */
  readonly deadlineMs: number
  /** Ends the process when its parent is gone, so that a killed supervisor leaves no orphans. */
  readonly followParent?: boolean
}

/**
 * Runs a process to its end: `start` opens things into `closers` and resolves when it serves. The first SIGTERM or SIGINT aborts `signal`
 * and closes in reverse order within the deadline; the second forces. An uncaught error ends the process, since its state is unknown.
 */
export async function runProcess(
  start: (signal: AbortSignal, closers: Closers) => Promise<void>,
  { log, deadlineMs, followParent = false }: RunOptions,
): Promise<void> {
  const controller = new AbortController()
  const closers = new Closers()
  let stopping = false

  const stop = async (reason: string, exitCode: number) => {
    if (stopping) {
      log.warn({ reason }, 'forced to stop')
      process.exit(exitCode || 1)
    }
    stopping = true
    log.info({ reason }, 'stopping')
    process.exitCode = exitCode
    setTimeout(() => {
      log.error({ deadlineMs }, 'did not stop within the deadline')
      process.exit(exitCode || 1)
    }, deadlineMs).unref()
    controller.abort(reason)
    for (const err of await closers.close()) log.error({ err }, 'closing failed')
    log.info('stopped')
    process.exit(exitCode)
  }

  process.on('SIGTERM', () => void stop('SIGTERM', 0))
  process.on('SIGINT', () => void stop('SIGINT', 0))
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'uncaught exception')
    void stop('uncaughtException', 1)
  })
  process.on('unhandledRejection', (err) => {
    log.fatal({ err }, 'unhandled rejection')
    void stop('unhandledRejection', 1)
  })
  if (followParent) watchParent(() => void stop('parent gone', 0))

  try {
    await start(controller.signal, closers)
  } catch (err) {
    // Asked to end while it was starting: that is what made it fail, and it is ending already.
    if (stopping) return
    log.fatal({ err }, 'could not start')
    await stop('start failed', 1)
  }
}

/** Runs a command to its end, of which `work` answers the exit code. What it throws is one line of its log, and exit code 1. */
export async function runOnce(name: string, work: (log: Log) => Promise<number>): Promise<never> {
  const log = createLog(name)
  const code = await work(log).catch((err: unknown) => {
    log.fatal({ err }, 'ended early: correct the cause and run it again')
    return 1
  })
  process.exit(code)
}

function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, 500)
  timer.unref()
}
