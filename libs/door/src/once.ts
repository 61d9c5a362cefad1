import type { Endpoint } from '@afo/contracts'
import { AppError, fingerprint, parse } from '@afo/kit'
import { z } from 'zod'
import type { AnyAnswer, Input, RequestContextOf } from './handler.js'

/** Longer than any request may take: a twin that is still running isn't overtaken, one that died is. */
const LEASE_MS = 30_000
const KEPT_MS = 24 * 3_600_000

const keyText = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')

/**
 * Runs a commanding request at most once per Idempotency-Key and person. The same request again gets the first one's answer, another one under the key 422,
 * a twin in flight 409. Only success is remembered: after a failure, or a crash in between, the same key may try again and lands on the same command id.
 */
export async function once(
  endpoint: Endpoint,
  input: Input,
  ctx: RequestContextOf,
  run: (commandId: string) => Promise<AnyAnswer>,
): Promise<AnyAnswer> {
  const given = endpoint.commanding ? ctx.req.get('idempotency-key') : undefined
  if (given === undefined || ctx.caller === null) return run(ctx.commandId)
  const key = parse(keyText, given, 'Idempotency-Key')
  const asker = { p_asked_by: ctx.caller.id, p_key: key }
  const begun = await ctx.store.beginOnce({
    ...asker,
    p_fingerprint: fingerprint({ method: endpoint.method, path: endpoint.path, ...input }),
    p_lease_ms: LEASE_MS,
    p_kept_ms: KEPT_MS,
  })
  if (begun.state === 'ended')
    return { status: begun.status, body: begun.answer, headers: { 'Idempotent-Replayed': 'true' } }
  if (begun.state === 'other')
    throw new AppError('rejected', 'This Idempotency-Key was used for another request', {
      code: 'idempotency-key-reused',
    })
  if (begun.state === 'running')
    throw new AppError('notReady', 'A request with this Idempotency-Key is still running', {
      code: 'idempotency-key-in-use',
      retryAfterMs: 1_000,
    })
  try {
    const answer = await run(begun.execution)
    await ctx.store.endOnce({
      ...asker,
      p_execution: begun.execution,
      p_status: answer.status,
      p_answer: (answer.body ?? null) as never,
    })
    return answer
  } catch (thrown) {
    await ctx.store
      .releaseOnce({ ...asker, p_execution: begun.execution })
      .catch((err: unknown) => ctx.log.warn({ err }, 'idempotency key not released'))
    throw thrown
  }
}
