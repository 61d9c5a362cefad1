import { createServer, type Server } from 'node:net'

// Below the range from which systems take ports for outgoing connections, so that a port stays ours while its server restarts.
const lowest = 20_000
const highest = 32_000

const given = new Set<number>()

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

/** A port that is free now and was given to nobody else in this process. Someone may take it before its server does: whoever starts one tries again with another. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (given.has(port) || !(await isFree(port, host))) continue
    given.add(port)
    return port
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
