import type { GrantOutcome } from './types.js'

export type Failure = Exclude<GrantOutcome, { kind: 'granted' }>

/** What the token endpoint's refusal means, by its OAuth error code (RFC 6749 §5.2) and status. Where it isn't clear, trying again is right. */
export function grantFailure(status: number, error: string): Failure {
  if (status >= 500 || status === 429) return { kind: 'unavailable', error }
  if (error === 'invalid_grant') return { kind: 'refused', error }
  if (error === 'invalid_client' || error === 'unauthorized_client' || status === 401)
    return { kind: 'credentials', error }
  return status >= 400 ? { kind: 'invalid', error } : { kind: 'unavailable', error }
}
