import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  readonly method: string
  readonly url: string
  readonly authorization: string
}

/**
 * Stands in for xero-auth and invoicing: a service's tests may not import another service. Here stands only what the gateway needs to hear; e2e runs the real ones.
 */
export async function startServices(webhookKey: string) {
  const heard: Heard[] = []
  const answers = new Map<string, { status: number; body: unknown }>()
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    const url = req.url ?? ''
    heard.push({ method: req.method ?? '', url, authorization: req.headers.authorization ?? '' })
    const signature = createHmac('sha256', webhookKey).update(Buffer.concat(parts)).digest('base64')
    const { status, body } =
      url === '/webhook-signature'
        ? { status: 200, body: { configured: true, valid: signature === req.headers['x-xero-signature'] } }
        : (answers.get(`${req.method} ${url}`) ?? answers.get(url.split('?')[0] ?? '') ?? { status: 404, body: {} })
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
