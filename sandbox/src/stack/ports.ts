import { createServer } from 'node:net'

// Below the range from which systems take ports for outgoing connections, so that a port stays ours while its server restarts.
const lowest = 20_000
const highest = 32_000

const given = new Set<number>()

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })

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

/** The wished port, else the next free one above it. */
export async function portFrom(wished: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wished; port < wished + 100 && port < 65_536; port++) if (await isFree(port, host)) return port
  throw new Error(`No free port from ${wished} on`)
}
