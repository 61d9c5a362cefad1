import { newId } from '@afo/kit'
import type { Request, RequestHandler } from 'express'
import type { OpenCall } from '../calls.js'
import type { Fault } from '../faults.js'
import { requestFingerprint, type WireAnswer } from '../idempotency.js'
import type { Bearer, BearerCheck } from '../identity/bearer.js'
import { Query } from '../query/listing.js'
import { QueryError } from '../query/where.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { World } from '../world.js'
import { type Answer, denied, malformed, notFound, unparsable } from './answers.js'
import type { ApiCall } from './api.js'
import { afterWork, atTheDoor, type Exchange } from './mischief.js'
import { type Match, matchRoute } from './routes.js'

const longestKey = 128

/** What is told of each exchange once it is over; the contract check listens. */
export interface Observed {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly answer: WireAnswer
}

export interface PipelineOptions {
  readonly world: World
  readonly bearer: () => BearerCheck
  readonly observe: ((observed: Observed) => void) | undefined
}

/**
 * One accounting call, in Xero's order: who asks, for which organisation, with which scope, within the limits (before idempotency, so a
 * 429 wrote nothing), then under its Idempotency-Key the work itself.
 */
export function accountingPipeline({ world, bearer, observe }: PipelineOptions): RequestHandler {
  return async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
    const match = matchRoute(req.method, decodedPath(req.path))
    const tenantId = req.get('xero-tenant-id')
    const correlationId = newId()
    res.setHeader('Xero-Correlation-Id', correlationId)
    const auth = await bearer().check(req.get('authorization'))
    const clientId = auth.ok ? auth.bearer.clientId : undefined
    const call = openCall(world, req, match, tenantId, clientId, correlationId)
    const started = performance.now()
    res.on('close', () => {
      call.status = res.writableEnded ? res.statusCode : null
      call.durationMs = Math.round((performance.now() - started) * 10) / 10
    })
    const answer = (given: WireAnswer, headers: Record<string, string> = {}) => {
      if (res.destroyed || res.headersSent) return
      res.set({ ...world.limiter.headers(tenantId, clientId), ...headers })
      res.status(given.status)
      if (given.type) res.setHeader('Content-Type', given.type)
      res.end(given.body)
      observe?.({
        method: req.method,
        path: req.path,
        search: searchOf(req),
        headers: req.headers,
        body,
        answer: given,
      })
    }

    if (!auth.ok) return answer(onWire(denied(401, auth.detail)))
    const exchange: Exchange = {
      world,
      res,
      tenantId: tenantId ?? '',
      bearer: auth.bearer,
      answer: (given, headers) => answer(given, headers),
    }
    const fault = world.faults.take('api', req.method, req.originalUrl, body)
    call.fault = fault?.kind ?? null
    if (fault?.kind === 'disconnect') world.connections.remove((c) => c.tenantId === tenantId)
    const refusal = accessRefusal(world, auth.bearer, tenantId, match)
    if (refusal) return answer(onWire(refusal.answer), refusal.headers)
    const store = world.store(tenantId ?? '')
    if (!match || !store) return answer(onWire(notFound))

    const admission = world.limiter.enter(store.organisation.OrganisationID, auth.bearer.clientId)
    if (!admission.admitted)
      return answer({ status: 429, type: '', body: '' }, limitHeaders(admission.problem, admission.retryAfterSeconds))
    call.admitted = true
    call.concurrent = world.limiter.running(store.organisation.OrganisationID)
    res.on('close', admission.leave)
    if (fault && (await atTheDoor(fault, exchange))) return

    const work = () => Promise.resolve(doWork(world, store, match, req, body, auth.bearer, fault, call))
    const { given, replayed } = await underKey(world, req, auth.bearer.clientId, body, work)
    call.replayed = replayed
    if (fault && !replayed && (await afterWork(fault, exchange, given))) return
    answer(given)
  }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const searchOf = (req: Request) => new URL(req.originalUrl, 'http://x').search

function openCall(
  world: World,
  req: Request,
  match: Match | undefined,
  tenantId: string | undefined,
  clientId: string | undefined,
  correlationId: string,
): OpenCall {
  const now = world.clock.now()
  return world.calls.add({
    at: new Date(now).toISOString(),
    atMs: now,
    method: req.method,
    path: req.originalUrl,
    endpoint: `${req.method} ${match?.route.path ?? 'unknown'}`,
    tenantId: tenantId ?? null,
    clientId: clientId ?? null,
    concurrent: tenantId ? world.limiter.running(tenantId) : 0,
    admitted: false,
    idempotencyKey: req.get('idempotency-key') ?? null,
    replayed: false,
    fault: null,
    elements: 0,
    status: null,
    durationMs: null,
    correlationId,
  })
}

interface Refusal {
  readonly answer: Answer
  readonly headers: Record<string, string>
}

function accessRefusal(
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

export function limitHeaders(problem: string, retryAfterSeconds: number | undefined): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    'X-Rate-Limit-Problem': problem,
  }
}

const keyed = new Set(['POST', 'PUT', 'PATCH'])

async function underKey(
  world: World,
  req: Request,
  clientId: string,
  body: string,
  work: () => Promise<WireAnswer>,
): Promise<{ given: WireAnswer; replayed: boolean }> {
  const key = req.get('idempotency-key')
  if (!key || !keyed.has(req.method)) return { given: await work(), replayed: false }
  if (key.length > longestKey)
    return {
      given: onWire(malformed(`Idempotency Key: longer than ${longestKey} characters.`, 10, 'ValidationException')),
      replayed: false,
    }
  const result = await world.idempotency.run(clientId, key, requestFingerprint(req.method, req.originalUrl, body), work)
  if (result.kind === 'mismatch') {
    return {
      given: onWire(malformed(`Idempotency Key: ${key} is used with a different request.`, 10, 'ValidationException')),
      replayed: false,
    }
  }
  world.touch()
  return { given: result.answer, replayed: result.replayed }
}

async function doWork(
  world: World,
  store: OrganisationStore,
  match: Match,
  req: Request,
  body: string,
  bearer: Bearer,
  fault: Fault | undefined,
  call: OpenCall,
): Promise<WireAnswer> {
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0)
  if (fault?.kind === 'error-500') return serverError
  const answer = handle({ world, store, match, req, body, bearer })
  call.elements = answer.elements ?? 0
  return fault?.kind === 'error-500-after-commit' ? serverError : onWire(answer)
}

const serverError: WireAnswer = {
  status: 500,
  type: 'text/plain',
  body: 'An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.',
}

/** Waits although nobody may be waiting for the answer: the caller's patience isn't Xero's. */
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref())

interface Handling {
  readonly world: World
  readonly store: OrganisationStore
  readonly match: Match
  readonly req: Request
  readonly body: string
  readonly bearer: Bearer
}

function handle({ world, store, match, req, body, bearer }: Handling): Answer {
  let parsed: unknown
  if (match.route.method === 'PUT' || match.route.method === 'POST') {
    try {
      parsed = JSON.parse(body)
    } catch (cause) {
      return malformed(`JSON for post data was invalid, ${cause instanceof Error ? cause.message : ''}`)
    }
  }
  const api: ApiCall = {
    store,
    params: match.params,
    query: new Query(new URL(req.originalUrl, 'http://x').searchParams),
    header: (name) => req.get(name),
    body: parsed,
    clientId: bearer.clientId,
    now: world.clock.now(),
  }
  try {
    return match.route.handle(api)
  } catch (cause) {
    if (cause instanceof QueryError) return unparsable(cause.message)
    throw cause
  }
}

/** The bytes of an answer. */
export function onWire({ status, body }: Answer): WireAnswer {
  if (body === undefined) return { status, type: 'text/html; charset=utf-8', body: '' }
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
