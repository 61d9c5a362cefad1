import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Arrived {
  readonly at: number
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answer = (request: Arrived, response: ServerResponse) => unknown

/**
 * An HTTP server that answers as told, for answers the sandbox never gives (garbage, silence, floods) and for counting arrivals exactly.
 * `mostIn(windowMs)` and `mostAtOnce()` are what Xero's limits look at.
 */
export async function httpStub(answer: Answer) {
  const arrived: Arrived[] = []
  let running = 0
  let most = 0
  const server = createServer(async (request, response) => {
    const at = performance.now()
    most = Math.max(most, ++running)
    response.on('close', () => running--)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const call = { at, method, url, headers, body: Buffer.concat(chunks).toString() }
    arrived.push(call)
    await answer(call, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    mostAtOnce: () => most,
    mostIn: (windowMs: number) =>
      arrived.reduce((peak, { at }, i) => {
        let n = 0
        for (let j = i; j < arrived.length && (arrived[j]?.at ?? 0) < at + windowMs; j++) n++
        return Math.max(peak, n)
      }, 0),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type HttpStub = Awaited<ReturnType<typeof httpStub>>

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
