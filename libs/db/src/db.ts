import { type RpcName, type Rpcs, rpcs } from '@afo/contracts'
import { AppError, backoffMs, parse, type Secret, sleep, within } from '@afo/kit'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import WebSocket from 'ws'
import type { z } from 'zod'
import { databaseError, takenBack } from './errors.js'

export interface DbOptions {
  readonly url: string
  /** The service role's key: everything goes through functions that only it may call. */
  readonly key: Secret
  /** Milliseconds before a call counts as unanswered. */
  readonly timeoutMs: number
}

export interface SessionUser {
  readonly id: string
  readonly email: string | null
  /** `app_metadata.role`, else the top-level role. Never user_metadata, which users write themselves. */
  readonly role: string | null
}

type Args<N extends RpcName> = z.input<Rpcs[N]['args']>
type Result<N extends RpcName> = z.output<Rpcs[N]['result']>

export interface Db {
  /**
   * Calls a database function: one transaction, committed or not at all; begun anew where Postgres took it back. `unavailable`: it may or may not have happened.
   * @throws AppError of the function's own kind and code, `unavailable`, or `bug` where schema and program disagree
   */
  rpc<N extends RpcName>(name: N, args: Args<N>, signal?: AbortSignal): Promise<Result<N>>
  /** The user of a session's access token, asked of Supabase Auth; null where the token isn't good. @throws AppError `unavailable` */
  getUser(token: string): Promise<SessionUser | null>
  /** Ends the session behind an access token at Supabase Auth; one that is over already is fine. @throws AppError `unavailable` */
  endSession(token: string): Promise<void>
  /** @throws AppError `unavailable` */
  ping(): Promise<void>
}

/** Of a transaction that Postgres takes back. */
const TRIES = 5

/** Opens the door to Supabase. No connection is made before the first call. */
export function createDb({ url, key, timeoutMs }: DbOptions): Db {
  const client = createClient(url, key.reveal(), {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // supabase-js refuses to start on Node 20 without a WebSocket, though nothing here uses realtime.
    realtime: { transport: WebSocket as never },
    // Auth's own calls have no deadline otherwise.
    global: {
      fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs) }),
    },
  })
  const db: Db = {
    async rpc(name, args, signal) {
      const { args: argsSchema, result } = rpcs[name] as Rpcs[RpcName]
      const encoded = encodeArgs(parse(argsSchema, args, `arguments of ${name}`))
      const until = within(timeoutMs, signal)
      const ask = async () => client.rpc(name, encoded).abortSignal(until)
      let answer = await ask()
      for (let tries = 1; takenBack(answer.error) && tries < TRIES; tries++) {
        await sleep(backoffMs(tries, { baseMs: 20, capMs: 200 }, Math.random()), until)
        answer = await ask()
      }
      if (answer.error) throw databaseError(name, { status: answer.status, error: answer.error })
      const read = result.safeParse(answer.data)
      if (!read.success)
        throw new AppError('bug', `The database's answer to ${name} is not what the contract says`, {
          cause: read.error,
        })
      return read.data as never
    },
    getUser: (token) => getUser(client, token),
    async endSession(token) {
      const { error } = await client.auth.admin.signOut(token, 'local')
      if (error && !isRefusal(error.status)) throw unavailable(error)
    },
    ping: async () => void (await db.rpc('sync_ping', {})),
  }
  return db
}

/** Objects and arrays cross as JSON text: some drivers encode a jsonb argument twice. */
function encodeArgs(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      value !== null && typeof value === 'object' ? jsonOf(value) : typeof value === 'string' ? storable(value) : value,
    ]),
  )
}

/** What JSON writes of halves of characters and of NUL, neither of which Postgres takes: one would fail everything that is beside it. */
const unfit = /\\u(?:d[89a-f][\da-f]{2}|0000)/i

function jsonOf(value: object): string {
  const json = JSON.stringify(value)
  if (!unfit.test(json)) return json
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part))
}

// A text that was cut within an emoji ends in half of it.
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '')

async function getUser(client: SupabaseClient, token: string): Promise<SessionUser | null> {
  const { data, error } = await client.auth.getUser(token)
  if (error) {
    if (isRefusal(error.status)) return null
    throw unavailable(error)
  }
  const { id, email, role, app_metadata } = data.user
  const appRole: unknown = app_metadata.role
  return { id, email: email ?? null, role: typeof appRole === 'string' ? appRole : (role ?? null) }
}

const isRefusal = (status = 0) => status >= 400 && status < 500 && status !== 429
const unavailable = (cause: unknown) =>
  new AppError('unavailable', 'Supabase Auth did not answer', { code: 'auth-unavailable', cause })
