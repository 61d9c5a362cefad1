import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { backoffMs, type Environment } from '@afo/kit'

export interface ProcessSpec {
  /** The service's name; replicas share it. */
  readonly name: string
  /** Names the log file; unique. */
  readonly id: string
  /** A compiled module, and its arguments. */
  readonly args: readonly string[]
  readonly env: Environment
  /** Answers 200 once the process takes work. */
  readonly readyUrl: string
  readonly healthUrl: string
  readonly logFile: string
}

export interface Supervised {
  readonly spec: ProcessSpec
  readonly pid: () => number | undefined
  /** Resolves when it takes work. @throws with the end of its log when it doesn't in time */
  ready(timeoutMs: number): Promise<void>
  /** SIGTERM, then SIGKILL after the deadline; not started again. */
  stop(deadlineMs: number): Promise<void>
}

const restart = { baseMs: 500, capMs: 10_000 }
/** Who ran this long has earned a quick restart again. */
const settledMs = 30_000
/** Who crashes this often before it was ever ready won't get there. */
const crashesBeforeReady = 3

/** Keeps a Node process running, in a process group of its own, until it is stopped; it follows us to the grave (FOLLOW_PARENT). */
export function supervise(spec: ProcessSpec, say: (text: string) => void): Supervised {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  let wasReady = false
  let crashes = 0

  const run = async () => {
    let attempt = 0
    while (!stopping.signal.aborted) {
      const began = Date.now()
      child = start(spec, attempt === 0 ? 'w' : 'a')
      const [code, signal] = await once(child, 'exit')
      child = undefined
      if (stopping.signal.aborted) return
      crashes += 1
      // Whom somebody killed is not to blame.
      attempt = signal === 'SIGKILL' || Date.now() - began > settledMs ? 1 : attempt + 1
      const delay = backoffMs(attempt, restart, Math.random())
      if (wasReady) say(`${spec.id} ended (${signal ?? `exit ${code}`}); starting it again`)
      await wait(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    spec,
    pid: () => child?.pid,
    ready: async (timeoutMs) => {
      const deadline = Date.now() + timeoutMs
      while (Date.now() < deadline && crashes < crashesBeforeReady && !stopping.signal.aborted) {
        if (child && (await answersOk(spec.readyUrl))) {
          wasReady = true
          return
        }
        // Asking costs who starts beside it more than it saves.
        await wait(100)
      }
      const what = crashes > 0 ? `ended ${crashes} times while starting` : `was not ready after ${timeoutMs / 1000} s`
      throw new Error(`${spec.id} ${what}. Its log (${spec.logFile}) ends:\n${logTail(spec.logFile)}`)
    },
    stop: async (deadlineMs) => {
      stopping.abort()
      const last = child
      if (last?.pid !== undefined) {
        const { pid } = last
        last.kill('SIGTERM')
        const force = setTimeout(() => killGroup(pid), deadlineMs)
        await running
        clearTimeout(force)
      } else await running
    },
  }
}

function start({ args, env, logFile }: ProcessSpec, flag: 'w' | 'a'): ChildProcess {
  const log = openSync(logFile, flag)
  try {
    const child = spawn(process.execPath, [...args], { env: { ...env }, stdio: ['ignore', log, log], detached: true })
    child.on('error', () => undefined)
    return child
  } finally {
    closeSync(log)
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It went by itself in the meantime.
  }
}

export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

const logTail = (file: string): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-6).join('\n') : '(empty)'
