import { createHash } from 'node:crypto'
import type { SessionUser } from '@afo/db'
import { AppError } from '@afo/kit'
import { readClaims, type TokenRules } from '../core/token.js'
import type { Caller } from '../ports.js'

export interface Session {
  readonly caller: Caller
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface Sessions {
  /** @throws AppError 401 (no, foreign or expired token), 403 (neither admin nor accountant), `unavailable` */
  authenticate(authorization: string | undefined): Promise<Session>
  /** Ends the session at Supabase and forgets what is known of its token. @throws AppError `unavailable` */
  end(authorization: string | undefined): Promise<void>
}

export interface SessionPorts {
  readonly getUser: (token: string) => Promise<SessionUser | null>
  readonly endSession: (token: string) => Promise<void>
  readonly rules: TokenRules
  /** How old an answer of Supabase Auth may get, milliseconds. */
  readonly maxAgeMs: number
  readonly now: () => number
}

const MOST_REMEMBERED = 1_000

/** Who a token belongs to, asked of Supabase Auth at most once per `maxAgeMs`. Tokens themselves aren't kept, only their hashes. */
export function createSessions({ getUser, endSession, rules, maxAgeMs, now }: SessionPorts): Sessions {
  const known = new Map<string, { user: Promise<SessionUser | null>; until: number }>()

  const lookUp = (token: string): Promise<SessionUser | null> => {
    const key = hash(token)
    const found = known.get(key)
    if (found && found.until > now()) return found.user
    const user = getUser(token)
    known.delete(key)
    known.set(key, { user, until: now() + maxAgeMs })
    const oldest = known.keys().next().value
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest)
    user.catch(() => known.delete(key))
    return user
  }

  return {
    async authenticate(authorization) {
      const token = bearer(authorization)
      if (token === undefined) throw unauthorized('Sign in first: the request carries no bearer token')
      const claims = readClaims(token, rules, now())
      const user = claims && (await lookUp(token))
      if (!user || user.id !== claims.subject)
        throw unauthorized('The session is not valid or has expired: sign in again')
      return { caller: callerOf(user), expiresAt: claims.expiresAt }
    },
    async end(authorization) {
      const token = bearer(authorization)
      if (token === undefined) return
      await endSession(token)
      known.delete(hash(token))
    },
  }
}

export const unauthorized = (message: string) => new AppError('invalid', message, { status: 401, code: 'unauthorized' })
export const forbidden = (message: string) => new AppError('invalid', message, { status: 403, code: 'forbidden' })

function callerOf({ id, email, role }: SessionUser): Caller {
  if (role !== 'admin' && role !== 'accountant')
    throw forbidden('Only admins and accountants have access. An admin of AmpedFieldOps can change your role.')
  return { id, email, role, name: email ?? id }
}

const bearer = (authorization: string | undefined) => /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1]
const hash = (token: string) => createHash('sha256').update(token).digest('base64')
