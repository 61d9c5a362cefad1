import { newId } from '@afo/kit'
import type { Request, RequestHandler } from 'express'
import type { OpenCall } from '../calls.js'
import type { WireAnswer } from '../idempotency.js'
import type { BearerCheck } from '../identity/bearer.js'
import type { Observe } from '../openapi/observed.js'
import type { World } from '../world.js'
import { accessRefusal, limitHeaders } from './access.js'
import { denied, notFound } from './answers.js'
import { underKey } from './keyed.js'
import { afterWork, atTheDoor, type Exchange } from './mischief.js'
import { type Match, matchRoute } from './routes.js'
import { onWire } from './wire-answer.js'
import { doWork } from './work.js'

export interface PipelineOptions {
  readonly world: World
  readonly bearer: BearerCheck
  readonly observe: Observe | undefined
}

/**
 * One accounting call, in Xero's order: who asks, for which organisation, with which scope, within the limits (before idempotency, so a
 * 429 wrote nothing), then under its Idempotency-Key the work itself.
 */
export function accountingPipeline({ world, bearer, observe }: PipelineOptions): RequestHandler {
  return async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : ''
    const match = matchRoute(req.method, req.path)
    const tenantId = req.get('xero-tenant-id')?.toLowerCase()
    const auth = await bearer.check(req.get('authorization'))
    const clientId = auth.ok ? auth.bearer.clientId : undefined
    const call = openCall(world, req, { match, tenantId, clientId })
    res.setHeader('Xero-Correlation-Id', call.correlationId)
    const started = performance.now()
    res.on('close', () => {
      call.status = res.writableEnded ? res.statusCode : null
      call.durationMs = Math.round((performance.now() - started) * 10) / 10
    })
    const { search, searchParams } = new URL(req.originalUrl, 'http://x')
    const answer = (given: WireAnswer, headers: Record<string, string> = {}) => {
      if (res.destroyed || res.headersSent) return
      res.set({ ...world.limiter.headers(tenantId, clientId), ...headers })
      res.status(given.status)
      if (given.type) res.setHeader('Content-Type', given.type)
      res.end(given.body)
      const tampered = call.fault !== null
      observe?.({
        api: 'accounting',
        method: req.method,
        path: req.path,
        search,
        headers: req.headers,
        body,
        answer: given,
        tampered,
      })
    }

    if (!auth.ok) return answer(onWire(denied(401, auth.detail)))
    const refusal = accessRefusal(world, auth.bearer, tenantId, match)
    if (refusal) return answer(onWire(refusal.answer), refusal.headers)
    const store = world.store(tenantId ?? '')
    if (!match || !store) return answer(onWire(notFound))

    const tenant = store.organisation.OrganisationID
    const admission = world.limiter.enter(tenant, auth.bearer.clientId)
    if (!admission.admitted) {
      return answer({ status: 429, type: '', body: '' }, limitHeaders(admission.problem, admission.retryAfterSeconds))
    }
    res.on('close', admission.leave)
    call.admitted = true
    call.concurrent = world.limiter.running(tenant)

    const fault = world.faults.take('api', req.method, req.originalUrl, body)
    call.fault = fault?.kind ?? null
    const exchange: Exchange = { world, res, tenantId: tenant, answer }
    if (fault && atTheDoor(fault, exchange)) return
    const header = (name: string) => req.get(name)
    const work = () =>
      doWork({
        store,
        match,
        search: searchParams,
        header,
        body,
        clientId: auth.bearer.clientId,
        now: () => world.clock.now(),
        fault,
        call,
      })
    const { given, replayed } = await underKey(world, req, auth.bearer.clientId, body, work)
    call.replayed = replayed
    if (fault && (await afterWork(fault, exchange, given))) return
    answer(given)
  }
}

interface Asked {
  readonly match: Match | undefined
  readonly tenantId: string | undefined
  readonly clientId: string | undefined
}

function openCall(world: World, req: Request, { match, tenantId, clientId }: Asked): OpenCall {
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
    correlationId: newId(),
  })
}
