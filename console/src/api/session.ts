import { text } from '../text/index.js'
import { readConfig } from './config.js'
import { Problem, problemOf, toProblem, unreachable } from './problem.js'

interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly email: string
}

const KEY = 'afo-session'
const EARLY_MS = 60_000

/** What Supabase answers when a session is over; anything else is a hiccup of its own. */
const OVER = [400, 401, 403]

let endedByItself = false
/** Whether the last session ended without the person's doing. */
export const hasEnded = (): boolean => endedByItself

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}
// Another tab signed in or out, or renewed the session.
window.addEventListener('storage', ({ key }) => {
  if (key !== KEY && key !== null) return
  if (read() !== null) endedByItself = false
  tell()
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
  if (!publishableKey)
    throw new Problem({ status: 503, title: text.signIn.noKeyTitle, detail: text.signIn.noKey, code: 'no-key' })
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
  const session = await grant('password', { email, password })
  endedByItself = false
  keep(session)
}

export function forgetSession(): void {
  endedByItself = false
  keep(null)
}

/** One renewal at a time, among all tabs: a refresh token is good once. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request(KEY, work) : work()

/**
 * A token that is good for at least a minute, renewed where needed; null when nobody is signed in any more.
 * `refused` is a token that the gateway would not take. @throws Problem when it could not be renewed for now
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
      if (!OVER.includes(toProblem(error).status)) throw error
      endedByItself = true
      keep(null)
      return null
    }
  })
}
