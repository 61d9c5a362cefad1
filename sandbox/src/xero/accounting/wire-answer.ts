import type { WireAnswer } from '../idempotency.js'
import type { Answer } from './answers.js'

/** The bytes of an answer. */
export function onWire({ status, body }: Answer): WireAnswer {
  if (body === undefined) return { status, type: 'text/html; charset=utf-8', body: '' }
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
