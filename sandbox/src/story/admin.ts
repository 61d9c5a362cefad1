import { setTimeout as wait } from 'node:timers/promises'
import { accepted, commandView, connectTicket, xeroSettingsStatus } from '@afo/contracts'
import { z } from 'zod'
import { giveConsent } from '../xero/consent-client.js'
import { ask, json, Unexpected } from './http.js'

export interface Office {
  readonly gatewayUrl: string
  readonly supabaseUrl: string
  readonly publishableKey: string
  readonly admin: { readonly email: string; readonly password: string }
}

const session = z.object({ access_token: z.string() })
const anything = z.unknown()
const page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number() })

/** An admin at work, over HTTP alone: what this does, any frontend can do. */
export class Admin {
  private constructor(
    private readonly gatewayUrl: string,
    private readonly token: string,
  ) {}

  static async signIn({ gatewayUrl, supabaseUrl, publishableKey, admin }: Office): Promise<Admin> {
    const init = json(admin)
    const { access_token } = await ask(`${supabaseUrl}/auth/v1/token?grant_type=password`, session, {
      ...init,
      headers: { ...init.headers, apikey: publishableKey },
    })
    return new Admin(gatewayUrl, access_token)
  }

  get<S extends z.ZodType>(path: string, answer: S): Promise<z.output<S>> {
    return ask(`${this.gatewayUrl}${path}`, answer, { headers: this.#headers() })
  }

  send<S extends z.ZodType>(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    answer: S,
    headers: Record<string, string> = {},
  ): Promise<z.output<S>> {
    return ask(`${this.gatewayUrl}${path}`, answer, {
      method,
      headers: { ...this.#headers(), ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** Every row of a list, page after page. */
  async all<S extends z.ZodType>(path: string, item: S): Promise<z.output<S>[]> {
    const rows: z.output<S>[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) })
      const found: z.output<ReturnType<typeof page<S>>> = await this.get(
        `${path}${path.includes('?') ? '&' : '?'}${query}`,
        page(item),
      )
      rows.push(...found.items)
      cursor = found.nextCursor
    } while (cursor !== null)
    return rows
  }

  async saveCredentials(app: { clientId: string; clientSecret: string }): Promise<void> {
    await this.send('POST', '/admin/settings/xero', app, anything)
  }

  /** Follows the link to Xero as a browser would, allows (all, or only some scopes), and comes back. Answers the organisation's name. */
  async connect({ scopes }: { readonly scopes?: string } = {}): Promise<string> {
    const { url } = await this.send('POST', '/admin/xero/connect-ticket', {}, connectTicket)
    const begin = await fetch(new URL(url, this.gatewayUrl), { redirect: 'manual' })
    const consentPage = begin.headers.get('location')
    if (begin.status !== 302 || !consentPage)
      throw new Unexpected(`GET /xero/auth answered ${begin.status}: ${await begin.text()}`)
    const page = new URL(consentPage)
    if (scopes) page.searchParams.set('scope', scopes)
    const callback = await giveConsent(page.href)
    const cookie = begin.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const end = await fetch(callback, { redirect: 'manual', headers: { cookie } })
    const { connected, tenant_name } = await this.get('/admin/settings/xero/status', xeroSettingsStatus)
    if (!connected)
      throw new Unexpected(`Xero is not connected; the callback led to ${end.headers.get('location') ?? end.status}`)
    return tenant_name ?? 'an organisation'
  }

  /** Asks for a job and waits for its end, telling how far it is. @throws Unexpected when it fails */
  async run(path: string, body: unknown, tell: (text: string) => void): Promise<z.output<typeof commandView>> {
    const { statusUrl } = await this.send('POST', path, body, accepted)
    let told = ''
    for (;;) {
      const command = await this.get(statusUrl, commandView)
      const { progress, state } = command
      const now = progress
        ? `${progress.done}${progress.total === null ? '' : ` of ${progress.total}`} ${progress.note ?? ''}`.trim()
        : ''
      if (now !== told && now !== '') tell(now)
      told = now
      if (state === 'done') return command
      if (state === 'failed' || state === 'cancelled')
        throw new Unexpected(`${command.name} ${state}: ${JSON.stringify(command.problem)}`)
      await wait(150)
    }
  }

  #headers() {
    return { authorization: `Bearer ${this.token}` }
  }
}
