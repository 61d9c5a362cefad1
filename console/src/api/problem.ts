/** A refused request in the gateway's own words (RFC 9457), or a request that never arrived. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly code: string
  readonly requestId: string | undefined
  readonly errors: readonly { readonly field: string; readonly reason: string }[]

  constructor(fields: {
    status: number
    title: string
    detail: string
    code: string
    requestId?: string | undefined
    errors?: readonly { field: string; reason: string }[] | undefined
  }) {
    super(fields.detail)
    this.status = fields.status
    this.title = fields.title
    this.detail = fields.detail
    this.code = fields.code
    this.requestId = fields.requestId
    this.errors = fields.errors ?? []
  }
}

const text = (value: unknown, fallback: string) => (typeof value === 'string' && value !== '' ? value : fallback)

/** What an answer that isn't 2xx says, whatever stands between us and the gateway. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  return new Problem({
    status: response.status,
    title: text(body.title, `HTTP ${response.status}`),
    detail: text(body.detail, text(body.error_description, text(body.msg, response.statusText))),
    code: text(body.code, text(body.error_code, text(body.error, `http-${response.status}`))),
    requestId: text(body.requestId, response.headers.get('x-request-id') ?? '') || undefined,
    errors: Array.isArray(body.errors) ? body.errors : [],
  })
}

export const unreachable = (cause: unknown): Problem =>
  new Problem({ status: 0, title: 'unreachable', detail: String(cause), code: 'unreachable' })

export const toProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem
    ? thrown
    : new Problem({ status: -1, title: 'unexpected', detail: String(thrown), code: 'unexpected' })
