import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { within } from '@afo/kit'
import { AccountingApi } from 'xero-node/dist/gen/api/accountingApi.js'

interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly data: unknown
}
/** How one HTTP exchange ended. `held` was not sent, since it was too late to be. */
export type Exchange =
  | ({ readonly kind: 'answered' } & Response)
  | { readonly kind: 'failed'; readonly sent: boolean; readonly reason: string }
  | { readonly kind: 'held' }

interface Call {
  readonly accessToken: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly mayBeSent: () => boolean
  exchange?: Exchange
}

/** As much of axios as the interceptors touch. */
interface Request {
  method?: string
  data?: unknown
  headers: Record<string, string>
  [option: string]: unknown
}
interface Interceptors<V> {
  use(passed: (value: V) => V, failed?: (reason: { code?: string; response?: Response }) => never): void
}

const calls = new AsyncLocalStorage<Call>()
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])
const maxAnswerBytes = 50_000_000

const fromHere = createRequire(import.meta.url)
const axios = createRequire(fromHere.resolve('xero-node'))('axios') as {
  interceptors: { request: Interceptors<Request>; response: Interceptors<Response> }
}

// The SDK has no time-outs, keeps one token per instance, and rejects with a JSON string in which "created but unreadable" looks like "never
// sent". So each exchange is taken down here, below it, where status, headers and raw body are still to be had.
axios.interceptors.request.use((request) => {
  const call = calls.getStore()
  if (!call) return request
  if (call.signal?.aborted || !call.mayBeSent()) {
    call.exchange = { kind: 'held' }
    throw new Error('held back')
  }
  // Until something else is known: it went out and nothing came back.
  call.exchange = { kind: 'failed', sent: true, reason: 'no answer' }
  request.headers.Authorization = `Bearer ${call.accessToken}`
  if (request.method?.toLowerCase() === 'get') request.data = undefined
  return Object.assign(request, {
    signal: within(call.timeoutMs, call.signal),
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
  })
})

const answered = ({ status, headers, data }: Response): Exchange => ({
  kind: 'answered',
  status,
  headers: { ...headers },
  data,
})

axios.interceptors.response.use(
  (response) => {
    const call = calls.getStore()
    if (call) call.exchange = answered(response)
    // A page of 1,000 would be built a second time, by the SDK, for nobody.
    return call ? { ...response, data: {} } : response
  },
  (reason) => {
    const call = calls.getStore()
    if (call && call.exchange?.kind !== 'held') {
      const cancelled = call.signal?.aborted ? 'cancelled' : 'ETIMEDOUT'
      const code = reason.code === 'ERR_CANCELED' ? cancelled : (reason.code ?? 'no answer')
      const failed = { kind: 'failed', sent: !neverSent.has(code), reason: code } as const
      call.exchange = reason.response ? answered(reason.response) : failed
    }
    throw reason
  },
)

/** The Accounting API below an address such as https://api.xero.com. */
export const accountingApi = (apiUrl: string) => new AccountingApi(`${apiUrl.replace(/\/$/, '')}/api.xro/2.0`)
export type { AccountingApi }

/**
 * Runs one SDK method and answers how its HTTP exchange ended; what the SDK itself makes of it is dropped.
 * @throws what the SDK throws before there is an exchange: a request it can't build
 */
export async function exchange(call: Omit<Call, 'exchange'>, run: () => Promise<unknown>): Promise<Exchange> {
  const kept: Call = { ...call }
  const ended: unknown = await calls.run(kept, run).catch((reason) => reason)
  if (kept.exchange) return kept.exchange
  throw ended instanceof Error ? ended : new Error('the SDK built no request', { cause: ended })
}
