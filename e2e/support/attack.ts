import { request } from 'node:http'
import { giveConsent } from '@afo/sandbox'
import { ask, Browser, type Door } from './door.js'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Hostile {
  readonly name: string
  readonly status: number
  readonly send: (door: Door, prepared: Prepared) => Promise<Reply>
  /** What else must hold of the answer. */
  readonly also?: (reply: Reply) => boolean
}

/** What an attacker may have got hold of: a used and a fresh callback of the admin's browser, a used ticket, tokens of other people. */
export interface Prepared {
  readonly usedCallback: string
  readonly usedCookie: string
  readonly freshCallback: string
  readonly freshCookie: string
  readonly usedTicket: string
}

export async function prepare(door: Door): Promise<Prepared> {
  const begin = async () => {
    const browser = new Browser()
    const { body } = await ask(door, 'POST', '/admin/xero/connect-ticket')
    const sent = await browser.open(`${door.url}${body.url}`)
    const callback = await giveConsent(sent.location)
    return { browser, ticket: String(body.ticket), callback, cookie: `afo_xero=${browser.cookies.get('afo_xero')}` }
  }
  const used = await begin()
  await used.browser.open(used.callback)
  const fresh = await begin()
  return {
    usedCallback: used.callback,
    usedCookie: used.cookie,
    freshCallback: fresh.callback,
    freshCookie: fresh.cookie,
    usedTicket: used.ticket,
  }
}

export interface Raw {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly url?: string
}

/** A request as it is: no normalising of the path, no header of its own making. */
export function raw(
  door: Door,
  { method = 'GET', path, headers = {}, body, url = door.loopbackUrl }: Raw,
): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: { ...headers }, insecureHTTPParser: true }, (res) => {
      res.resume()
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
