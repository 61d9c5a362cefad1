import { AppError, sha256Hex } from '@afo/kit'
import type { Connection, LiveConnection } from '../ports.js'

export const notConnected = (reason?: string | null): AppError =>
  new AppError('disconnected', 'Xero is not connected', {
    code: 'not-connected',
    status: 409,
    ...(reason ? { details: { reason } } : {}),
  })

/** @throws AppError `not-connected` */
export function requireLive(connection: Connection | null): LiveConnection {
  if (!connection?.tokens) throw notConnected(connection?.disconnectedReason)
  return connection as LiveConnection
}

/**
 * Whether the access token may be handed out: not the one that Xero refused, and good for longer than the margin.
 * @param stale hex SHA-256 of the refused one
 */
export const isUsable = (connection: LiveConnection, marginMs: number, stale?: string): boolean =>
  connection.remainingMs > marginMs && !isStale(connection, stale)

export const isStale = (connection: LiveConnection, stale?: string): boolean =>
  stale !== undefined && sha256Hex(connection.tokens.accessToken.reveal()) === stale
