import { Counter, currentContext, Histogram } from '@afo/kit'
import type { Priority } from '@afo/limiter'
import { redact } from '@afo/wire'
import type { CallSpec, XeroOptions } from './call.js'
import type { Exchange } from './sdk.js'
import type { Outcome } from './types.js'

/** One call as it is kept: counted for all, with redacted bodies for writes. */
export interface CallRecord {
  readonly at: string
  readonly tenantId: string
  readonly method: string
  readonly path: string
  readonly endpoint: string
  readonly status: number | null
  readonly outcome: Outcome<unknown>['kind']
  readonly durationMs: number
  readonly priority: Priority
  readonly service: string
  readonly correlationId: string | null
  readonly xeroCorrelationId: string | null
  readonly dayRemaining: number | null
  readonly request: unknown
  readonly answer: unknown
}

interface Made extends Pick<CallRecord, 'priority' | 'tenantId' | 'dayRemaining'> {
  readonly spec: Omit<CallSpec<unknown>, 'read'>
  readonly ended: Exchange
  readonly outcome: Outcome<unknown>
  readonly startedAt: Date
}

/** Counts, times, logs and keeps each call that was made. */
export function createRecorder({ log, registry, service, record }: Omit<XeroOptions, 'tokens' | 'scale'>) {
  const registers = [registry]
  // biome-ignore format: one line each
  const counted = new Counter({ name: 'xero_calls_total', help: 'Calls of Xero', labelNames: ['endpoint', 'outcome'], registers })
  // biome-ignore format: one line each
  const timed = new Histogram({ name: 'xero_call_seconds', help: 'From sending to the answer', labelNames: ['endpoint'], registers })

  return ({ spec, ended, outcome, startedAt, ...rest }: Made): void => {
    const { endpoint, method, path } = spec
    const durationMs = Date.now() - startedAt.getTime()
    const answered = ended.kind === 'answered' ? ended : undefined
    counted.inc({ endpoint, outcome: outcome.kind })
    timed.observe({ endpoint }, durationMs / 1000)
    log.debug({ method, path, status: answered?.status, outcome: outcome.kind, durationMs }, 'called Xero')
    const kept: CallRecord = {
      ...rest,
      at: startedAt.toISOString(),
      method,
      path,
      endpoint,
      status: answered?.status ?? null,
      outcome: outcome.kind,
      durationMs,
      service,
      correlationId: currentContext()?.correlationId ?? null,
      xeroCorrelationId: answered?.headers['xero-correlation-id'] ?? null,
      request: spec.write ? redact(spec.body) : null,
      answer: spec.write ? redact(answered?.data ?? null) : null,
    }
    record(kept).catch((err: unknown) => log.warn({ err }, 'a call of Xero was not recorded'))
  }
}
