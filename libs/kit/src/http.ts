import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response, Router } from 'express'
import { currentContext } from './context.js'
import { AppError, kinds, toAppError } from './errors.js'
import type { Closers } from './lifecycle.js'
import type { Log } from './log.js'
import type { Registry } from './metrics.js'

/** RFC 9457, plus our stable code, the fields that are wrong, and the request's id. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId?: string | undefined
  readonly errors?: readonly { field: string; reason: string }[] | undefined
  readonly [extra: string]: unknown
}

/** Of the statuses that the kinds are too coarse for. */
const titles: Readonly<Record<number, string>> = {
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  413: 'The request is too large',
  415: 'The content type is wrong',
}

/** The problem document of an error. What a bug says stays in the log; the caller gets the request id to name it by. */
export function toProblem(thrown: unknown, requestId = currentContext()?.correlationId): Problem {
  const error = toAppError(thrown)
  return {
    type: `/problems/${error.code}`,
    title: titles[error.status] ?? kinds[error.kind].title,
    status: error.status,
    detail: error.kind === 'bug' ? 'The details are in the log under the request id.' : error.message,
    code: error.code,
    ...(requestId ? { requestId } : {}),
    ...(error.issues.length > 0 ? { errors: error.issues } : {}),
    ...error.details,
  }
}

export function sendProblem(res: Response, problem: Problem, retryAfterMs?: number): void {
  if (retryAfterMs !== undefined) res.setHeader('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1000)))
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** Express's and body-parser's own failures carry a status; everything else is classified by {@link toAppError}. */
function fromExpress(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const status = thrown !== null && typeof thrown === 'object' && 'status' in thrown ? Number(thrown.status) : 500
  if (status >= 400 && status < 500) {
    const code = { 400: 'malformed', 413: 'too-large', 415: 'unsupported-media-type' }[status] ?? 'invalid'
    return new AppError('invalid', thrown instanceof Error ? thrown.message : 'The request is not valid', {
      status,
      code,
      cause: thrown,
    })
  }
  return toAppError(thrown)
}

export function problemHandler(log: Log): ErrorRequestHandler {
  return (thrown, _req, res, next) => {
    const error = fromExpress(thrown)
    if (error.kind === 'bug') log.error({ err: error }, 'request failed')
    if (res.headersSent) return next(thrown)
    sendProblem(res, toProblem(error), error.retryAfterMs)
  }
}

export const notFound: RequestHandler = (req) => {
  throw new AppError('invalid', `Nothing lives at ${req.method} ${req.path}`, { status: 404, code: 'not-found' })
}

/** One thing that must be there before the process takes work; `check` throws when it isn't. */
export interface ReadinessCheck {
  readonly name: string
  readonly check: () => Promise<void>
}

export interface OperationsOptions {
  readonly registry: Registry
  readonly readiness: readonly ReadinessCheck[]
  /** Milliseconds since the consuming loop last turned; undefined where there is none. */
  readonly heartbeatAgeMs: () => number | undefined
  /** A loop older than this is not alive. */
  readonly maxHeartbeatMs: number
}

/** `GET /health` (alive?), `GET /ready` (may it take work?), `GET /metrics`. */
export function operationsRouter({ registry, readiness, heartbeatAgeMs, maxHeartbeatMs }: OperationsOptions): Router {
  const router = Router()
  router.get('/health', (_req, res) => {
    const age = heartbeatAgeMs()
    const alive = age === undefined || age < maxHeartbeatMs
    res.status(alive ? 200 : 503).json({ status: alive ? 'ok' : 'stuck', uptime: Math.round(process.uptime()) })
  })
  router.get('/ready', async (_req, res) => {
    const checks = await Promise.all(
      readiness.map(async ({ name, check }) => {
        const failure = await check().then(() => undefined, toAppError)
        return { name, ok: failure === undefined, ...(failure ? { reason: failure.message } : {}) }
      }),
    )
    res.status(checks.every((c) => c.ok) ? 200 : 503).json({ ready: checks.every((c) => c.ok), checks })
  })
  router.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics())
  })
  return router
}

export function createApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  return app
}

/** Listens and resolves with the port taken; closing waits for the running requests and for nothing else. */
export async function listen(
  app: Express,
  { host, port }: { host: string; port: number },
  closers: Closers,
): Promise<{ server: Server; port: number }> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, app)
  // Connections that never carried a request (browsers open some ahead) don't count as idle, so running requests are counted instead.
  let running = 0
  let closing = false
  const endWhenDone = () => {
    if (closing && running === 0) server.closeAllConnections()
  }
  server.on('request', (_req, res) => {
    running++
    res.once('close', () => {
      running--
      endWhenDone()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  closers.add(
    'http',
    () =>
      new Promise((resolve) => {
        closing = true
        server.close(() => resolve())
        server.closeIdleConnections()
        endWhenDone()
      }),
  )
  return { server, port: (server.address() as AddressInfo).port }
}
