import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

// The watcher's standard input is a pipe whose other end this process holds: when this process ends, however it ends, the kernel closes
// the pipe, `read` returns, and the server is told to stop. No polling, no pid file, and SIGKILL is covered too.
const guard =
  'exec 3<&0; "$@" </dev/null 3<&- & server=$!; (read -r _ <&3; kill -INT $server) & wait $server; code=$?; kill $! 2>/dev/null; exit $code'

export interface GuardedOptions {
  readonly command: string
  readonly args: readonly string[]
  /** Takes stdout and stderr. */
  readonly logFile: string
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly cwd?: string
}

/** A server that isn't ours and can't watch its parent; it ends when this process does. */
export interface Guarded {
  readonly exited: Promise<void>
  readonly running: () => boolean
  /** Last lines of its log, for error messages. */
  readonly logTail: () => string
  /** Asks it to stop (SIGINT: a quick, clean shutdown for Postgres and Redis alike) and waits until it has. */
  readonly stop: () => Promise<void>
}

/** Starts a server in a process group of its own, so that Ctrl-C reaches it through us, in order. */
export function startGuarded({ command, args, logFile, uid, gid, cwd }: GuardedOptions): Guarded {
  const log = openSync(logFile, 'a')
  let child: ChildProcess
  try {
    child = spawn('/bin/sh', ['-c', guard, 'guard', command, ...args], {
      stdio: ['pipe', log, log],
      detached: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(cwd === undefined ? {} : { cwd }),
    })
  } finally {
    closeSync(log)
  }
  let running = true
  const exited = once(child, 'exit')
    .then(
      () => undefined,
      () => undefined,
    )
    .then(() => {
      running = false
    })
  child.stdin?.on('error', () => undefined)
  return {
    exited,
    running: () => running,
    logTail: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n'),
    stop: async () => {
      child.stdin?.end()
      await exited
    },
  }
}
