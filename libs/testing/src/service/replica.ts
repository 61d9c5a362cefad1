import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Closers, createLog, type Environment, processEnvironment, serviceFlags } from '@afo/kit'
import { type ServiceDefinition, startService } from '@afo/service'

export interface Replica {
  /** What it logged, line by line. */
  readonly lines: readonly string[]
  /** Null where it runs in this process. */
  readonly pid: number | null
  stop(): Promise<void>
  /** As by `kill -9`. */
  kill(): Promise<void>
}

/**
 * A replica in this process: quick to start, and what it throws has a readable stack. It keeps no schedules, which go by the wall clock and would call Xero
 * in the middle of a test that counts.
 */
export async function startHere(
  definition: ServiceDefinition,
  environment: Environment,
  closers: Closers,
): Promise<Replica> {
  const lines: string[] = []
  const log = createLog(definition.name, 'debug', { write: (line: string) => void lines.push(line) })
  const controller = new AbortController()
  const own = new Closers()
  const stop = async () => {
    controller.abort()
    await own.close()
  }
  closers.add('replica', stop)
  const build = async (context: never) => ({ ...(await definition.build(context)), schedules: [] })
  await startService({ ...definition, build } as unknown as ServiceDefinition, environment, log, controller.signal, own)
  return { lines, pid: null, stop, kill: () => Promise.reject(new Error('only a process can be killed')) }
}

/** A replica as production runs it: its compiled `main`, in a process of its own. */
export async function startProcess(main: URL, environment: Environment, closers: Closers): Promise<Replica> {
  const { PATH = '' } = processEnvironment()
  const env = Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value ? [[key, value]] : [])))
  const child = spawn(process.execPath, [...serviceFlags, fileURLToPath(main)], {
    env: { PATH, LOG_LEVEL: 'info', FOLLOW_PARENT: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal)
    await exited
  }
  closers.add('replica', end('SIGTERM'))
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`it ended:\n${lines.join('\n')}`)))
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (line.includes('"msg":"ready"')) resolve()
      })
  })
  return { lines, pid: child.pid ?? null, stop: end('SIGTERM'), kill: end('SIGKILL') }
}
