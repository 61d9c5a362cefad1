import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { withDatabase } from '@afo/sandbox/supabase'
import { insist } from './insist.js'

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name)
    return true
  } catch {
    // It has ended in the meantime.
    return false
  }
}

/** Stops a process in its tracks for a while, as a paused machine does. Answers whether there was one. */
export async function freeze(pids: readonly number[], ms: number): Promise<boolean> {
  const stopped = pids.filter((pid) => pid > 0 && signal(pid, 'SIGSTOP'))
  await wait(ms)
  for (const pid of stopped) signal(pid, 'SIGCONT')
  return stopped.length > 0
}

/** Redis seen by who operates it. */
export class RedisServer {
  constructor(private readonly url: string) {}

  restart = () => this.#say(['SHUTDOWN NOSAVE'])
  flush = () => this.#say(['FLUSHALL'])

  async freeze(ms: number): Promise<void> {
    const pid = /process_id:(\d+)/.exec(await this.#say(['INFO server']))?.[1]
    if (pid) await freeze([Number(pid)], ms)
  }

  /** Nobody gets through: connections are dropped and new ones refused. */
  async cutOff(ms: number): Promise<void> {
    await this.#say(['CONFIG SET maxclients 1', 'CLIENT KILL TYPE normal SKIPME yes'], ms)
    // The server keeps a limit that was set; whoever asks next may be refused until the last of us has gone.
    for (let tries = 0; tries < 50; tries++) {
      if ((await this.#say(['CONFIG SET maxclients 10000'])).includes('OK')) return
      await wait(50)
    }
  }

  /** Says something on a connection of its own and holds it for a while; answers what came back, "" when nobody is there. */
  #say(commands: readonly string[], holdMs = 0): Promise<string> {
    const { hostname, port } = new URL(this.url)
    return new Promise((resolve) => {
      let heard = ''
      const end = (socket: Socket) => {
        socket.destroy()
        resolve(heard)
      }
      const socket = connect(Number(port), hostname, () => socket.write(`${commands.join('\r\n')}\r\n`))
      const restore = () => socket.write('CONFIG SET maxclients 10000\r\n', () => setTimeout(end, 50, socket))
      if (holdMs > 0) setTimeout(restore, holdMs)
      socket.on('data', (data) => {
        heard += data.toString()
        if (holdMs === 0) setTimeout(end, 20, socket)
      })
      socket.once('error', () => end(socket))
      socket.once('close', () => end(socket))
    })
  }
}

/** Postgres seen by who operates it. */
export class PostgresServer {
  constructor(
    private readonly stateDir: string,
    private readonly databaseUrl: string,
  ) {}

  /** Ends at once without a checkpoint, as in a crash; whoever supervises it starts it again. */
  restart(): void {
    const pid = this.#pid()
    if (pid) signal(pid, 'SIGQUIT')
  }

  async freeze(ms: number): Promise<void> {
    const pid = this.#pid()
    if (pid) await freeze([pid, ...childrenOf(pid)], ms)
  }

  /** Every connection is dropped and new ones are refused. */
  async cutOff(ms: number): Promise<void> {
    const other = new URL(this.databaseUrl)
    other.pathname = '/template1'
    const allow = (is: boolean) =>
      withDatabase(other.href, async (sql) => {
        await sql.unsafe(`alter database postgres with allow_connections ${is}`)
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres' and ${!is}`
      })
    // It may be between two lives when its turn comes; a database left closed would stay so through all of them.
    await insist(() => allow(false))
    await wait(ms)
    await insist(() => allow(true))
  }

  #pid(): number | undefined {
    try {
      return Number(
        readFileSync(join(this.stateDir, 'supabase', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
      )
    } catch {
      // It is between two lives.
      return undefined
    }
  }
}

const childrenOf = (parent: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (pid && ppid === parent ? [pid] : []))
