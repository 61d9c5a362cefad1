import type { OpenCall } from '../calls.js'
import { type Fault, pause } from '../faults.js'
import type { WireAnswer } from '../idempotency.js'
import { Query } from '../query/listing.js'
import { QueryError } from '../query/where.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import { type Answer, malformed, unparsable } from './answers.js'
import type { Match } from './routes.js'
import { onWire } from './wire-answer.js'

export interface Work {
  readonly store: OrganisationStore
  readonly match: Match
  readonly search: URLSearchParams
  readonly header: (name: string) => string | undefined
  readonly body: string
  readonly clientId: string
  readonly now: () => number
  readonly fault: Fault | undefined
  readonly call: OpenCall
}

const serverError: WireAnswer = {
  status: 500,
  type: 'text/plain',
  body: 'An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.',
}

/** The work of one call, with what goes wrong inside it; what it answers is kept under the Idempotency-Key. */
export async function doWork(work: Work): Promise<WireAnswer> {
  const { fault, call } = work
  if (fault?.kind === 'slow') await pause(fault)
  if (fault?.kind === 'error-500') return serverError
  const answer = handle(work)
  call.elements = answer.elements ?? 0
  return fault?.kind === 'error-500-after-commit' ? serverError : onWire(answer)
}

function handle({ store, match, search, header, body, clientId, now }: Work): Answer {
  let parsed: unknown
  if (match.route.method === 'PUT' || match.route.method === 'POST') {
    try {
      parsed = JSON.parse(body)
    } catch (cause) {
      return malformed(`JSON for post data was invalid, ${cause instanceof Error ? cause.message : ''}`)
    }
  }
  try {
    return match.route.handle({
      store,
      params: match.params,
      query: new Query(search),
      header,
      body: parsed,
      clientId,
      now: now(),
    })
  } catch (cause) {
    if (cause instanceof QueryError) return unparsable(cause.message)
    throw cause
  }
}
