import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface FaultyProxy {
  readonly url: string
  /** `hole`: bytes vanish in both directions while connections stay open. `deaf`: requests arrive, answers vanish. */
  mode: 'pass' | 'hole' | 'deaf'
  /** Resets every connection there is. */
  cut(): void
  /** Leads elsewhere from now on, as a managed address does after a failover. */
  target(url: string): void
  close(): Promise<void>
}

/** A line to Redis that can be disturbed. */
export async function faultyProxy(target: string): Promise<FaultyProxy> {
  let { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (proxy.mode === 'pass' || (proxy.mode === 'deaf' && from === near)) to.write(bytes)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultyProxy = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'pass',
    cut() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    target(url) {
      ;({ hostname, port } = new URL(url))
      proxy.cut()
    },
    close() {
      proxy.cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}
