import {
  connectApp,
  type SandboxApp,
  startXero,
  type TokenSet,
  type XeroOptions,
  type XeroSandbox,
} from '../src/xero/index.js'

export const app: SandboxApp = {
  clientId: '0123456789ABCDEF0123456789ABCDEF',
  // Characters that a careless Basic header breaks on.
  clientSecret: 'se+cr%et/~= with:colon',
  redirectUris: ['http://localhost:39999/xero/callback'],
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
  readonly text: string
  readonly headers: Headers
}

export interface Connected {
  readonly xero: XeroSandbox
  readonly tenantId: string
  readonly tokens: TokenSet
  /** A call to the accounting API; `path` below /api.xro/2.0. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  /** Closes; fails when an answer left Xero's OpenAPI document (checked where XERO_OPENAPI names it). */
  close(): Promise<void>
  /** Any other request to the sandbox. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

/** A sandbox with a connected app; limits are off unless asked for. */
export async function connected(options: Partial<XeroOptions> & { scope?: string } = {}): Promise<Connected> {
  const { scope, ...rest } = options
  const openapi = process.env.XERO_OPENAPI
  const xero = await startXero({ apps: [app], limits: { enabled: false }, ...(openapi ? { openapi } : {}), ...rest })
  const tokens = await connectApp(xero.url, app, scope ? { scope } : {})
  return attach(xero, tokens)
}

export function attach(xero: XeroSandbox, tokens: TokenSet): Connected {
  const tenantId = xero.control.organisations()[0]?.OrganisationID ?? ''
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(`${xero.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...given,
    })
    const text = await response.text()
    return { status: response.status, text, body: parse(text), headers: response.headers }
  }
  const call: Connected['call'] = (method, path, body, headers = {}) =>
    request(method, `/api.xro/2.0${path}`, body, {
      authorization: `Bearer ${tokens.access_token}`,
      'xero-tenant-id': tenantId,
      accept: 'application/json',
      ...headers,
    })
  const close = async () => {
    await xero.close()
    const wrong = (xero.control.violations() ?? []).filter((violation) => violation.side === 'answer')
    if (wrong.length > 0) throw new Error(`Answers left Xero's document: ${JSON.stringify(wrong, null, 2)}`)
  }
  return { xero, tenantId, tokens, call, close, request }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The messages of a refused element. */
export const messages = (element: { ValidationErrors?: readonly { Message: string }[] }): string[] =>
  (element.ValidationErrors ?? []).map((e) => e.Message)

/** The smallest invoice that Xero approves. */
export const invoice = (contactId: string, over: Record<string, unknown> = {}) => ({
  Type: 'ACCREC',
  Contact: { ContactID: contactId },
  Status: 'AUTHORISED',
  Date: '2026-11-20',
  DueDate: '2026-12-04',
  LineItems: [{ Description: 'Labour', Quantity: 2, UnitAmount: 100, AccountCode: '210' }],
  ...over,
})
