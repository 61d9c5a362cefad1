import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Below the range from which systems take ports for outgoing connections, so that a port stays ours while its server restarts.
const lowest = 20_000
const highest = 32_000

const given = new Set<number>()
/** Who was given a port lately, one file each, for all clones of one user: none may be given to two before its server listens. */
const reservations = join(tmpdir(), `ampedfieldops-ports-${process.getuid?.() ?? 'user'}`)
/** Longer than any server takes to start. */
const slotMs = 10 * 60_000

/** Files are named by the port and by the time at which it was given, so that none has to be replaced. */
function reserve(port: number): boolean {
  const slot = Math.floor(Date.now() / slotMs)
  const file = (at: number) => join(reservations, `${port}-${at}`)
  mkdirSync(reservations, { recursive: true })
  if (existsSync(file(slot - 1))) return false
  try {
    writeFileSync(file(slot), '', { flag: 'wx' })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
  if (given.size === 0) tidy(slot - 2)
  given.add(port)
  return true
}

/** Removes what is older than anybody looks at. */
function tidy(before: number): void {
  for (const name of readdirSync(reservations))
    if (Number(name.split('-')[1]) < before) rmSync(join(reservations, name), { force: true })
}

/** Listens on a port to keep others off it; undefined when somebody has it. */
const hold = (port: number, host: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    server.listen(port, host, () => resolve(server))
  })

const letGo = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

async function isFree(port: number, host: string): Promise<boolean> {
  const server = await hold(port, host)
  if (server) await letGo(server)
  return server !== undefined
}

/** Whether "localhost" could lead to somebody else by IPv6; a system without it has nobody there. */
const isFreeOnIpv6 = (port: number): Promise<boolean> => isFree(port, '::1').catch(() => true)

/** A port that is free now and that no other process of ours was given lately. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (!given.has(port) && (await isFree(port, host)) && reserve(port)) return port
  }
  throw new Error(`No free port between ${lowest} and ${highest}`)
}

export interface HeldPort {
  readonly port: number
  /** Just before its server starts. */
  release(): Promise<void>
}

/** The wished port, else the next free one above it, kept from others meanwhile: a second stack that starts at the same time takes another. */
export async function holdPort(wished: number, host = '127.0.0.1'): Promise<HeldPort> {
  for (let port = wished; port < wished + 100 && port < 65_536; port++) {
    const server = (await isFreeOnIpv6(port)) ? await hold(port, host) : undefined
    if (server) return { port, release: () => letGo(server) }
  }
  throw new Error(`No free port from ${wished} on`)
}
