import { readConfig } from './config.js'
import { problemOf, unreachable } from './problem.js'

interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly email: string
}

const KEY = 'afo-session'
const EARLY_MS = 60_000

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}
// Another tab signed in or out, or renewed the session.
window.addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) tell()
})

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const sessionText = (): string | null => localStorage.getItem(KEY)
const read = (): Session | null => JSON.parse(sessionText() ?? 'null') as Session | null
export const signedInEmail = (): string | null => read()?.email ?? null

function keep(session: Session | null): void {
  if (session) localStorage.setItem(KEY, JSON.stringify(session))
  else localStorage.removeItem(KEY)
  tell()
}

async function grant(type: 'password' | 'refresh_token', body: Record<string, string>): Promise<Session> {
  const { supabaseUrl, publishableKey } = await readConfig().catch((error) => {
    throw unreachable(error)
  })
  const response = await fetch(`${supabaseUrl}/auth/v1/token?grant_type=${type}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', apikey: publishableKey },
    body: JSON.stringify(body),
  }).catch((error) => {
    throw unreachable(error)
  })
  if (!response.ok) throw await problemOf(response)
  const answer = (await response.json()) as {
    access_token: string
    refresh_token: string
    expires_in: number
    user?: { email?: string }
  }
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
    email: answer.user?.email ?? '',
  }
}

/** Signs in with Supabase Auth. Throws a Problem when that refuses. */
export async function signIn(email: string, password: string): Promise<void> {
  keep(await grant('password', { email, password }))
}

export const forgetSession = (): void => keep(null)

/** One renewal at a time, among all tabs: a refresh token is good once. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request(KEY, work) : work()

/**
 * A token that is good for at least a minute, renewed where needed; null when nobody is signed in any more.
 * `refused` is a token that the gateway would not take.
 */
export async function accessToken(refused?: string): Promise<string | null> {
  const good = (session: Session | null) =>
    session !== null && session.accessToken !== refused && session.expiresAt - EARLY_MS > Date.now()
  const now = read()
  if (now === null) return null
  if (good(now)) return now.accessToken
  return alone(async () => {
    const latest = read()
    if (latest === null || good(latest)) return latest?.accessToken ?? null
    try {
      const renewed = await grant('refresh_token', { refresh_token: latest.refreshToken })
      keep({ ...renewed, email: renewed.email || latest.email })
      return renewed.accessToken
    } catch (error) {
      if (error instanceof Error && 'status' in error && error.status === 0) throw error
      keep(null)
      return null
    }
  })
}
