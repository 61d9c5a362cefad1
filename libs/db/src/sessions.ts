import { createHash } from 'node:crypto'
import { readClaims, type TokenRules } from './claims.js'
import type { Db, SessionUser } from './db.js'

export interface Session {
  readonly user: SessionUser
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface Sessions {
  /** Whose session an access token belongs to; null where the token isn't good. @throws AppError `unavailable` */
  read(token: string): Promise<Session | null>
  /** Ends the session at Supabase and forgets it here. @throws AppError `unavailable` */
  end(token: string): Promise<void>
}

export interface SessionOptions {
  readonly db: Pick<Db, 'getUser' | 'endSession'>
  readonly rules: TokenRules
  /** How old an answer of Supabase Auth may get, milliseconds. */
  readonly maxAgeMs: number
  readonly now: () => number
}

const MOST_REMEMBERED = 1_000

/** Sessions, asked of Supabase Auth at most once per `maxAgeMs` and process. Tokens themselves aren't kept, only their hashes. */
export function createSessions({ db, rules, maxAgeMs, now }: SessionOptions): Sessions {
  const known = new Map<string, { user: Promise<SessionUser | null>; until: number }>()

  const userOf = (token: string): Promise<SessionUser | null> => {
    const key = hash(token)
    const found = known.get(key)
    if (found && found.until > now()) return found.user
    const user = db.getUser(token)
    known.delete(key)
    known.set(key, { user, until: now() + maxAgeMs })
    const oldest = known.keys().next().value
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest)
    user.catch(() => known.delete(key))
    return user
  }

  return {
    async read(token) {
      const claims = readClaims(token, rules, now())
      const user = claims && (await userOf(token))
      return user && user.id === claims.subject ? { user, expiresAt: claims.expiresAt } : null
    },
    async end(token) {
      await db.endSession(token)
      known.delete(hash(token))
    },
  }
}

const hash = (token: string) => createHash('sha256').update(token).digest('base64')
