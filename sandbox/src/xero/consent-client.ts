import type { SandboxApp } from './options.js'

/**
 * A browser's part in the consent, without a browser: follows the authorize URL to the page, posts its form, and answers where Xero
 * sends the browser. The form's fields are `decision` (`allow` or `cancel`) and `tenantId` (once per organisation); the cookies that
 * Xero sets on the way have to come back.
 */
export interface ConsentChoice {
  /** false: Cancel. */
  readonly allow?: boolean
  /** Absent: what the page has ticked, the first organisation. */
  readonly tenantIds?: readonly string[]
  /** The browser's cookies by name; absent: a fresh browser. */
  readonly cookies?: Map<string, string>
}

/**
 * @param authorizeUrl as the product redirects to
 * @returns the callback URL with `code` and `state`, or with `error`; it is not fetched
 * @throws Error when Xero shows an error page instead
 */
export async function giveConsent(
  authorizeUrl: string,
  { allow = true, tenantIds, cookies = new Map() }: ConsentChoice = {},
): Promise<string> {
  const { origin } = new URL(authorizeUrl)
  const request = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  /** Follows redirects while they stay at Xero. */
  const follow = async (first: Response, from: string): Promise<{ response: Response; url: string; left: boolean }> => {
    let [response, url] = [first, from]
    while (response.status >= 300 && response.status < 400) {
      url = new URL(response.headers.get('location') ?? '', url).href
      if (new URL(url).origin !== origin) return { response, url, left: true }
      response = await request(url)
    }
    return { response, url, left: false }
  }

  const shown = await follow(await request(authorizeUrl), authorizeUrl)
  if (shown.left) return shown.url
  const html = await shown.response.text()
  if (!shown.response.ok)
    throw new Error(`Xero shows an error: ${/id="error">([^<]*)/.exec(html)?.[1] ?? shown.response.status}`)
  const ticked = [...html.matchAll(/name="tenantId" value="([^"]+)" checked/g)].map((match) => match[1] ?? '')
  const form = new URLSearchParams({ decision: allow ? 'allow' : 'cancel' })
  for (const tenantId of tenantIds ?? ticked) form.append('tenantId', tenantId)
  const posted = await request(shown.url, {
    method: 'POST',
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const done = await follow(posted, shown.url)
  if (!done.left) {
    const words = /role="alert"><strong>([^<]*)/.exec(await done.response.text())?.[1]
    throw new Error(`Xero answered ${done.response.status} to the form: ${words ?? ''}`)
  }
  return done.url
}

export interface TokenSet {
  readonly access_token: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly expires_in: number
  readonly token_type: string
  readonly scope: string
}

/** What AmpedFieldOps asks for. */
export const productScopes =
  'openid profile email offline_access accounting.contacts accounting.invoices accounting.settings.read accounting.payments.read'

/**
 * Connects an app from consent to tokens, for tests below the level where the product does it itself.
 * @throws Error when Xero refuses
 */
export async function connectApp(
  url: string,
  app: SandboxApp,
  choice: ConsentChoice & { readonly scope?: string } = {},
): Promise<TokenSet> {
  const redirectUri = app.redirectUris[0] ?? ''
  const query = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: choice.scope ?? productScopes,
    state: 'test',
  }
  const callback = new URL(await giveConsent(`${url}/identity/connect/authorize?${new URLSearchParams(query)}`, choice))
  const code = callback.searchParams.get('code')
  if (!code) throw new Error(`Xero refused: ${callback.searchParams.get('error')}`)
  const response = await fetch(`${url}/connect/token`, {
    method: 'POST',
    headers: { authorization: basicAuth(app), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }).toString(),
  })
  if (!response.ok) throw new Error(`Xero refused the code: ${await response.text()}`)
  return (await response.json()) as TokenSet
}

/** The client's id and secret as RFC 6749 has them in a header: each form-encoded first. */
export const basicAuth = ({ clientId, clientSecret }: SandboxApp): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
