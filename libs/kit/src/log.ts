import { type DestinationStream, type Logger, pino } from 'pino'
import { currentContext } from './context.js'
import { AppError } from './errors.js'

export type Log = Logger

// A net, not the wall: secrets travel as Secret, and nothing logs a whole request, response or token set.
const secretKeys = [
  'authorization',
  'cookie',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'clientSecret',
  'password',
  'token',
  'accessToken',
  'refreshToken',
]

/**
 * The process's logger: JSON lines on stdout, each marked with the correlation id of the work it belongs to.
 * Messages are constants; what varies goes into fields.
 */
export function createLog(service: string, level = 'info', destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    mixin: () => ({ ...currentContext() }),
    serializers: { err: serializeError },
  }
  return destination ? pino(options, destination) : pino(options)
}

function serializeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return { message: String(thrown) }
  const { name, message, stack, cause } = thrown
  const known = thrown instanceof AppError ? { kind: thrown.kind, code: thrown.code, details: thrown.details } : {}
  return { name, message, ...known, stack, ...(cause === undefined ? {} : { cause: serializeError(cause) }) }
}
