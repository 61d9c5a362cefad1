import type { Response } from 'express'
import { type Fault, pause } from '../faults.js'
import type { WireAnswer } from '../idempotency.js'
import type { World } from '../world.js'
import { denied } from './answers.js'
import { onWire } from './wire-answer.js'

/** One call as far as faults need to know it. */
export interface Exchange {
  readonly world: World
  readonly res: Response
  readonly tenantId: string
  readonly answer: (given: WireAnswer, headers?: Record<string, string>) => void
}

const page = '<!DOCTYPE html><html><head><title>Xero</title></head><body><h1>We will be back soon</h1></body></html>'

/** Faults that strike before any work. Answers whether the call is over. */
export function atTheDoor(fault: Fault, { world, res, tenantId, answer }: Exchange): boolean {
  const throttled = (problem: string) => {
    const seconds = Math.max(1, Math.ceil((fault.ms ?? 1000) / 1000))
    answer({ status: 429, type: '', body: '' }, { 'Retry-After': String(seconds), 'X-Rate-Limit-Problem': problem })
  }
  switch (fault.kind) {
    case 'disconnect':
      world.connections.remove((c) => c.tenantId === tenantId)
      answer(onWire(denied(403, 'AuthenticationUnsuccessful')))
      return true
    case 'forbidden':
      answer(onWire(denied(403, 'Forbidden')))
      return true
    case 'error-503':
      answer({
        status: 503,
        type: 'text/html; charset=utf-8',
        body: 'The Organisation for this tenant is temporarily offline.',
      })
      return true
    case 'html-200':
      answer({ status: 200, type: 'text/html; charset=utf-8', body: page })
      return true
    case 'rate-limit-minute':
      throttled('minute')
      return true
    case 'rate-limit-day':
      throttled('day')
      return true
    case 'timeout-before':
      return true
    case 'reset-before':
      cut(res)
      return true
    default:
      return false
  }
}

/** Faults that strike once the work is done. Answers whether the call is over. */
export async function afterWork(fault: Fault, { res, answer }: Exchange, given: WireAnswer): Promise<boolean> {
  switch (fault.kind) {
    case 'timeout-after-commit':
      return true
    case 'reset-after-commit':
      cut(res)
      return true
    case 'garbage-200-after-commit':
      answer({
        status: 200,
        type: 'application/json; charset=utf-8',
        body: `${given.body.slice(0, Math.max(1, given.body.length >> 1))}\u0000`,
      })
      return true
    case 'slow-after-commit':
      await pause(fault)
      return false
    default:
      return false
  }
}

/** A connection reset, not a polite end. */
export function cut(res: Response): void {
  const { socket } = res
  if (socket && 'resetAndDestroy' in socket) socket.resetAndDestroy()
  else res.destroy()
}
