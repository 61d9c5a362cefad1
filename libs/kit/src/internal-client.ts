import { z } from 'zod'
import { AppError, type ErrorKind } from './errors.js'
import type { Secret } from './secret.js'
import { within } from './time.js'

/** Another service of ours, spoken to over HTTP with the service credential. Its problems come back as the AppErrors they were. */
export interface InternalClient {
  /** @throws AppError of the other side's kind and code; `unavailable` when it doesn't answer in time */
  call<S extends z.ZodType>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    answer: S,
    options?: {
      /** As JSON; bytes go as they are. */
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
      readonly query?: Readonly<Record<string, string | undefined>>
      readonly signal?: AbortSignal
    },
  ): Promise<z.output<S>>
}

export interface InternalOptions {
  readonly name: string
  readonly url: string | undefined
  readonly token: Secret
  /** Milliseconds before a call counts as unanswered. */
  readonly timeoutMs: number
}

const problemShape = z.looseObject({
  detail: z.string(),
  code: z.string(),
  status: z.int(),
  errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
})

export function createInternalClient({ name, url, token, timeoutMs }: InternalOptions): InternalClient {
  return {
    async call(method, path, answer, { body, headers, query = {}, signal } = {}) {
      if (url === undefined)
        throw new AppError('unavailable', `${name} has no address here`, { code: `${name}-unknown` })
      const target = new URL(path, url)
      for (const [key, value] of Object.entries(query)) if (value !== undefined) target.searchParams.set(key, value)
      const { status, retryAfter, data } = await send(name, target, {
        method,
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          accept: 'application/json',
          ...contentOf(body).headers,
          ...headers,
        },
        body: contentOf(body).body ?? null,
        redirect: 'error',
        signal: within(timeoutMs, signal),
      })
      if (status >= 300) throw relayed(name, status, data, retryAfter)
      const read = answer.safeParse(data)
      if (read.success) return read.data
      throw new AppError('bug', `The answer of ${name} is not what the contract says`, { cause: read.error })
    },
  }
}

function contentOf(body: unknown): {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: NonNullable<RequestInit['body']>
} {
  if (body === undefined) return { headers: {} }
  if (Buffer.isBuffer(body))
    return { headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(body) }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function send(name: string, target: URL, init: RequestInit) {
  try {
    const response = await fetch(target, init)
    const text = await response.text()
    const data: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after') ?? Number.NaN), data }
  } catch (cause) {
    throw new AppError('unavailable', `${name} does not answer`, { code: `${name}-unavailable`, cause })
  }
}

const kindOf = (status: number): ErrorKind => {
  if (status === 409) return 'notReady'
  if (status === 422) return 'rejected'
  if (status === 429) return 'throttled'
  return status >= 500 ? 'unavailable' : 'invalid'
}

/** The other service's problem, handed on. A 401 or 403 is about our own credential, never about the person: a fault of the installation. */
function relayed(name: string, status: number, data: unknown, retryAfter: number): AppError {
  const problem = problemShape.safeParse(data)
  if (!problem.success || status === 401 || status === 403 || status === 500) {
    return new AppError('unavailable', `${name} could not answer`, {
      code: `${name}-unavailable`,
      details: { from: status },
    })
  }
  const { detail, code, errors, type: _type, title: _title, status: _status, requestId: _id, ...details } = problem.data
  return new AppError(kindOf(status), detail, {
    code,
    status,
    issues: errors ?? [],
    details,
    ...(Number.isFinite(retryAfter) ? { retryAfterMs: retryAfter * 1000 } : {}),
  })
}
