import type { Sessions, SessionUser } from '@afo/db'
import { AppError } from '@afo/kit'
import type { Caller } from './ports.js'

export interface SignedInSession {
  readonly caller: Caller
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** @throws AppError 401 (no, foreign or expired token), 403 (neither admin nor accountant), `unavailable` */
export async function authenticate(sessions: Sessions, authorization: string | undefined): Promise<SignedInSession> {
  const token = bearer(authorization)
  if (token === undefined) throw unauthorized('Sign in first: the request carries no bearer token')
  const session = await sessions.read(token)
  if (session === null) throw unauthorized('The session is not valid or has expired: sign in again')
  return { caller: callerOf(session.user), expiresAt: session.expiresAt }
}

export const bearer = (authorization = '') => /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1]

const unauthorized = (message: string) => new AppError('invalid', message, { status: 401, code: 'unauthorized' })
export const forbidden = (message: string) => new AppError('invalid', message, { status: 403, code: 'forbidden' })

function callerOf({ id, email, role }: SessionUser): Caller {
  if (role !== 'admin' && role !== 'accountant')
    throw forbidden('Only admins and accountants have access. An admin of AmpedFieldOps can change your role.')
  return { id, email, role, name: email ?? id }
}
