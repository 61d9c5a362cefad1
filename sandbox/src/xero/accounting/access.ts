import type { Bearer } from '../identity/bearer.js'
import type { World } from '../world.js'
import { type Answer, denied } from './answers.js'
import type { Match } from './routes.js'

interface Refusal {
  readonly answer: Answer
  readonly headers: Record<string, string>
}

/** Why this token may not make this call, if so: the organisation isn't connected, or a scope is missing. */
export function accessRefusal(
  world: World,
  bearer: Bearer,
  tenantId: string | undefined,
  match: Match | undefined,
): Refusal | undefined {
  const connected =
    tenantId !== undefined && world.connections.find(bearer.userId, bearer.clientId, tenantId.toLowerCase())
  if (!connected) return { answer: denied(403, 'AuthenticationUnsuccessful'), headers: {} }
  if (match && !match.route.scopes.some((scope) => bearer.scopes.has(scope))) {
    return {
      answer: denied(401, 'AuthorizationUnsuccessful'),
      headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
    }
  }
  return undefined
}

/** What a 429 says: which limit, and (but for concurrency) when to come back. */
export function limitHeaders(problem: string, retryAfterSeconds: number | undefined): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    'X-Rate-Limit-Problem': problem,
  }
}
