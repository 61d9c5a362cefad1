import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Guarded, startGuarded } from '../stack/guarded.js'
import { freePort } from '../stack/ports.js'
import { type ServerUser, serverUser } from '../stack/state.js'
import { type Binaries, postgresBinaries } from './binaries.js'
import { withDatabase } from './database.js'

export interface PostgresOptions {
  /** Folder for its data and log; every user on the way must be able to pass. */
  readonly dir: string
  readonly password: string
  /** Default: a free one. */
  readonly port?: number | undefined
  /** False where only a crash of the machine, not of a process, may lose data: tests and the demo. */
  readonly durable?: boolean | undefined
}

export interface Postgres {
  readonly port: number
  readonly databaseUrl: string
  readonly server: Guarded
  close(): Promise<void>
}

const attempts = 4

/** A real Postgres on a loopback port over a data folder, which it makes if missing. It ends with this process. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const user = serverUser()
  const binaries = await postgresBinaries(user)
  const data = join(options.dir, 'data')
  mkdirSync(options.dir, { recursive: true, mode: 0o755 })
  if (user) chownSync(options.dir, user.uid, user.gid)
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries, data, options, user)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const server = serve(binaries, data, port, options, user)
    const databaseUrl = `postgres://postgres:${options.password}@127.0.0.1:${port}/postgres`
    if (await accepts(databaseUrl, server)) return { port, databaseUrl, server, close: server.stop }
    // Another process took the port, or the last owner of the data is still shutting down.
    if (attempt === attempts) throw new Error(`Postgres did not start. Its log ends:\n${server.logTail()}`)
    await wait(500 * attempt)
  }
}

async function initialise(
  binaries: Binaries,
  data: string,
  { dir, password }: PostgresOptions,
  user: ServerUser | undefined,
): Promise<void> {
  rmSync(data, { recursive: true, force: true })
  const passwordFile = join(dir, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  // The built-in locale knows every script's upper and lower case, and is the same on every system.
  const flags = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=scram-sha-256',
    '--no-sync',
  ]
  try {
    await promisify(execFile)(
      binaries.initdb,
      [`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, ...flags],
      { ...user, cwd: dir },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function serve(
  binaries: Binaries,
  data: string,
  port: number,
  { dir, durable = true }: PostgresOptions,
  user: ServerUser | undefined,
): Guarded {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '300',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return startGuarded({
    command: binaries.postgres,
    args: ['-D', data, ...flags],
    logFile: join(dir, 'postgres.log'),
    cwd: dir,
    ...user,
  })
}

async function accepts(databaseUrl: string, server: Guarded): Promise<boolean> {
  while (server.running()) {
    const connected = await withDatabase(databaseUrl, (sql) => sql`select 1`).then(
      () => true,
      () => false,
    )
    if (connected) return true
    await wait(50)
  }
  return false
}
