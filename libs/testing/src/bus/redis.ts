import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processEnvironment } from '@afo/kit'

export interface TestRedis {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends it, the hard way: nothing is kept. */
  stop(): Promise<void>
}

/**
 * A Redis of one's own on a free port of the loopback address: `TEST_REDIS_SERVER`, or `redis-server` on the PATH.
 * @param options more of its command line, `['--appendonly', 'yes']`; `port` to start again where one has been stopped
 */
export async function startRedis(options: readonly string[] = [], port?: number): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'afo-redis-'))
  const taken = port ?? (await freePort())
  const program = processEnvironment().TEST_REDIS_SERVER || 'redis-server'
  const fixed = [
    '--port',
    String(taken),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ]
  const server = spawn(program, [...fixed, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const endWithUs = () => server.kill('SIGKILL')
  process.once('exit', endWithUs)
  await listening(server)
  return {
    url: `redis://127.0.0.1:${taken}`,
    port: taken,
    pid: server.pid ?? 0,
    async stop() {
      process.off('exit', endWithUs)
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve))
        server.kill('SIGKILL')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends commands by hand, in Redis's inline form, each on a connection of its own; answers the raw reply. */
export function redisCommand(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
    socket.once('error', reject)
  })
}

function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)))
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Ready to accept connections')) resolve()
    })
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
