import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one token request. `lost`: it is done, and the answer never arrives; `slow`: the answer is held for so many milliseconds. */
export interface Mishap {
  readonly lost?: boolean
  readonly slowMs?: number
}

export interface IdentityProxy {
  readonly url: string
  /** Token requests since the last reset. */
  readonly requests: () => number
  reset(): void
  /** Asked for each token request. */
  onToken: () => Mishap
  close(): Promise<void>
}

/** Stands between xero-auth and the identity server: counts token requests, and loses or delays answers after the work is done. */
export async function startIdentityProxy(target: string): Promise<IdentityProxy> {
  let count = 0
  const proxy = {
    requests: () => count,
    reset: () => {
      count = 0
    },
    onToken: (): Mishap => ({}),
  }
  const server = createServer(async (req, res) => {
    const body: Buffer[] = []
    for await (const chunk of req) body.push(chunk as Buffer)
    const isToken = req.url === '/connect/token'
    if (isToken) count++
    const { lost, slowMs = 0 } = isToken ? proxy.onToken() : {}
    const { authorization, 'content-type': type } = req.headers
    const answer = await fetch(`${target}${req.url}`, {
      method: req.method ?? 'GET',
      headers: { ...(authorization ? { authorization } : {}), ...(type ? { 'content-type': type } : {}) },
      ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
    }).catch(() => undefined)
    const text = await answer?.text()
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs))
    if (lost || !answer) return void req.socket.destroy()
    res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
    res.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
