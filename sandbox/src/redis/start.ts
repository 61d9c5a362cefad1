import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Guarded, startGuarded } from '../stack/guarded.js'
import { freePort } from '../stack/ports.js'
import { type RedisProgram, redisProgram } from './program.js'

export interface RedisOptions {
  /** Folder for its data and log. */
  readonly dir: string
  /** Default: a free one. */
  readonly port?: number | undefined
  /** Keeps every write on disk; without it a restart begins empty. */
  readonly appendOnly?: boolean | undefined
  /** More of redis.conf, "name" to "value". */
  readonly config?: Readonly<Record<string, string>> | undefined
  /** Told what takes long (an installation). */
  readonly say?: ((text: string) => void) | undefined
}

export interface RedisServer {
  readonly url: string
  readonly port: number
  readonly server: Guarded
  close(): Promise<void>
}

const attempts = 4

/** A Redis of one's own on a loopback port. It ends with this process. */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const program = await redisProgram(options.say ?? (() => undefined))
  mkdirSync(options.dir, { recursive: true, mode: 0o755 })
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const { server, close } = serve(program, port, options)
    if (await answers(port, server)) return { url: `redis://127.0.0.1:${port}`, port, server, close }
    await close()
    if (attempt === attempts) throw new Error(`Redis did not start. Its log ends:\n${server.logTail()}`)
    await wait(200 * attempt)
  }
}

function serve(
  program: RedisProgram,
  port: number,
  { dir, appendOnly = false, config = {} }: RedisOptions,
): { server: Guarded; close: () => Promise<void> } {
  const settings = {
    save: '',
    appendonly: appendOnly ? 'yes' : 'no',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    ...config,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const logFile = join(dir, 'redis.log')
  if (program.kind === 'local') {
    const server = startGuarded({
      command: program.command,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...flags],
      logFile,
      cwd: dir,
    })
    return { server, close: server.stop }
  }
  const name = `ampedfieldops-redis-${port}`
  const run = [
    'run',
    '--rm',
    '--name',
    name,
    '-p',
    `127.0.0.1:${port}:6379`,
    '-v',
    `${dir}:/data`,
    program.image,
    'redis-server',
    ...flags,
  ]
  const server = startGuarded({ command: 'docker', args: run, logFile, cwd: dir })
  // The client passes SIGINT on, but the container's end is only sure when the engine says so.
  return {
    server,
    close: async () => {
      await server.stop()
      spawnSync('docker', ['rm', '-f', name], { stdio: 'ignore' })
    },
  }
}

/** Waits for a PONG; a Redis that is still loading its file says LOADING and is asked again. False when the server ended. */
async function answers(port: number, server: Guarded): Promise<boolean> {
  while (server.running()) {
    if ((await ping(port)).startsWith('+PONG')) return true
    await wait(25)
  }
  return false
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 }, () => socket.write('PING\r\n'))
    const end = (answer: string) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => end(data.toString()))
    socket.once('error', () => end(''))
    socket.once('timeout', () => end(''))
  })
}
