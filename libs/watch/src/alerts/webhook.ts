import { createHmac } from 'node:crypto'
import { request as http } from 'node:http'
import { request as https } from 'node:https'
import { AppError } from '@afo/kit'
import { type Address, resolveTarget } from './address.js'
import type { Alert, Sender, SenderOptions } from './ports.js'

/** `text` is what Slack and its kin show; `alert` is for programs. */
export const webhookBody = (alert: Alert): string =>
  JSON.stringify({ text: `*${escaped(alert.subject)}*\n${escaped(alert.text)}`, alert })

/** Names come from people: none of them may become a link or call a channel. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** HMAC-SHA-256 over time and raw body, so that neither can be changed nor an old request be sent again. */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** A signed POST. No redirect is followed, and what is answered is not read. */
export const webhookSender =
  ({ allowed, timeoutMs }: SenderOptions, now: () => number): Sender =>
  async (alert, _settings, { alert_webhook_url: target, alert_webhook_secret: secret }) => {
    if (target === undefined) throw new AppError('notReady', 'No webhook is set in the settings')
    const url = new URL(target)
    if (url.protocol !== 'https:' && !allowed.includes(url.hostname))
      throw new AppError('invalid', 'A webhook has to be https', { code: 'alert-target' })
    const body = webhookBody(alert)
    const timestamp = String(Math.floor(now() / 1000))
    const status = await post(url, await resolveTarget(url.hostname, allowed), body, timeoutMs, {
      'Content-Type': 'application/json',
      'User-Agent': 'AmpedFieldOps',
      'X-AFO-Delivery': alert.id,
      'X-AFO-Timestamp': timestamp,
      ...(secret === undefined ? {} : { 'X-AFO-Signature': signature(secret, timestamp, body) }),
    })
    if (status < 200 || status > 299) throw new AppError('unavailable', `The webhook answered ${status}`)
  }

function post(
  url: URL,
  { address, family }: Address,
  body: string,
  timeoutMs: number,
  headers: Record<string, string>,
) {
  return new Promise<number>((resolve, reject) => {
    const send = url.protocol === 'https:' ? https : http
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      // The address that was checked, whatever the name says by now.
      lookup: (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
    })
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    request.once('error', (cause) =>
      reject(new AppError('unavailable', `The webhook did not answer: ${cause.message}`, { cause })),
    )
    request.end(body)
  })
}
