import type { WireAnswer } from '../idempotency.js'

/** One exchange, told once it is over. */
export interface Observed {
  readonly api: 'accounting' | 'identity'
  readonly method: string
  /** Below the API's own base path. */
  readonly path: string
  readonly search: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly answer: WireAnswer
  /** A fault changed the answer, so only the request is worth checking. */
  readonly tampered: boolean
}

export type Observe = (observed: Observed) => void
