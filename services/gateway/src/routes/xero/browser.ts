import { randomBytes } from 'node:crypto'
import type { ConnectError } from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'
import type { RequestContext } from '../../ports.js'

const COOKIE = 'afo_xero'
const SETTINGS_PAGE = '/app/settings/xero'

/** A new value that binds a consent to this browser, and the header that sets it. */
export function markBrowser({ origin }: RequestContext, lifeMs: number) {
  const value = randomBytes(32).toString('base64url')
  return { value, header: cookie(origin, value, Math.ceil(lifeMs / 1000)) }
}

export const unmarkBrowser = ({ origin }: RequestContext): string => cookie(origin, '', 0)

const cookie = (origin: string, value: string, seconds: number) =>
  `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${origin.startsWith('https:') ? '; Secure' : ''}`

export function browserMark({ req }: RequestContext): string | null {
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  const found = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
  return found !== undefined && /^[\w-]{16,200}$/.test(found) ? found : null
}

export type Ending = { xero_connected: 'true' } | { xero_choose: 'true' } | { xero_error: ConnectError }

/** The settings page, of the first FRONTEND_URL, else of this very origin: never a place that the request names. */
export function settingsPage({ config }: RequestContext, ending: Ending): string {
  const page = `${SETTINGS_PAGE}?${new URLSearchParams(ending)}`
  const [frontend] = config.FRONTEND_URL
  return frontend === undefined ? page : new URL(page, frontend).href
}

export interface Redirect {
  readonly status: 302 | 303
  readonly headers: Readonly<Record<string, string>>
}

const endings: Readonly<Record<string, ConnectError>> = {
  'consent-unknown': 'link_expired',
  'ticket-unknown': 'link_expired',
  'credentials-missing': 'credentials_missing',
}

/** A person who follows a link gets the settings page with the reason, a program the problem document. */
export async function forPeople(ctx: RequestContext, work: () => Promise<Redirect>): Promise<Redirect> {
  try {
    return await work()
  } catch (thrown) {
    const error = toAppError(thrown)
    if (ctx.req.accepts(['json', 'html']) !== 'html') throw error
    ctx.log.warn({ err: error }, 'connecting to Xero ended early')
    const fallback = error.kind === 'unavailable' ? 'unavailable' : 'failed'
    const xero_error = endings[error.code] ?? fallback
    return { status: 303, headers: { Location: settingsPage(ctx, { xero_error }) } }
  }
}

export const linkExpired = () =>
  new AppError('invalid', 'This link was used already or is too old. Start again from Settings > Xero.', {
    code: 'ticket-unknown',
  })
