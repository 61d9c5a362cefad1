import { factStreams, lastEventId } from '@afo/contracts'
import { authenticate, type Caller, drained } from '@afo/door'
import { AppError, sleep, toAppError } from '@afo/kit'
import type { Response } from 'express'
import type { Handlers, RequestContext } from '../ports.js'

const settled = { heartbeatMs: 15_000, mostPerProcess: 200, mostPerPerson: 10 }

const open = new Map<string, number>()

export const events = {
  watchEvents: async (_input, ctx) => {
    const after = ctx.req.get('last-event-id') ?? '$'
    if (after !== '$' && !lastEventId.safeParse(after).success)
      throw new AppError('invalid', 'Last-Event-ID is none of ours', {
        issues: [{ field: 'Last-Event-ID', reason: 'is unknown' }],
      })
    const leave = enter(ctx.caller)
    return { status: 200, send: (res) => stream(ctx, after, res).finally(leave) }
  },
} satisfies Partial<Handlers>

/** Counts this view; a browser that forgets to close must not use up the process. */
function enter({ id }: Caller): () => void {
  const mine = open.get(id) ?? 0
  const all = [...open.values()].reduce((sum, n) => sum + n, 0)
  if (mine >= settled.mostPerPerson || all >= settled.mostPerProcess)
    throw new AppError('throttled', 'Too many live views are open. Close some.', {
      code: 'too-many-streams',
      retryAfterMs: 10_000,
    })
  open.set(id, mine + 1)
  return () => {
    const left = (open.get(id) ?? 1) - 1
    if (left > 0) open.set(id, left)
    else open.delete(id)
  }
}

async function stream(ctx: RequestContext, after: string, res: Response): Promise<void> {
  const { bus, log } = ctx
  const over = new AbortController()
  const signal = AbortSignal.any([ctx.signal, over.signal])
  res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no', Connection: 'close' }).flushHeaders()
  res.write(': open\n\n')
  const watched = watch(ctx, res, signal).finally(() => over.abort())
  try {
    for await (const { id, message } of bus.tail(factStreams, after, signal)) {
      // A batch goes on to its end, however long ago its reader left.
      if (signal.aborted) break
      const { id: messageId, name, at, key, body } = message
      const data = JSON.stringify({ id: messageId, name, at, key, body })
      if (!res.write(`id: ${id}\nevent: ${name}\ndata: ${data}\n\n`)) await drained(res, signal)
    }
  } catch (thrown) {
    log.warn({ err: toAppError(thrown) }, 'live view ended')
  }
  over.abort()
  await watched
  res.end()
}

/** Heartbeats, so that proxies keep the line; and an end when the session has one. */
async function watch({ sessions, req, scale, log }: RequestContext, res: Response, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { expiresAt } = await authenticate(sessions, req.get('authorization'))
      await sleep(Math.min(scale.ms(settled.heartbeatMs, 250), Math.max(0, expiresAt - Date.now())), signal)
    } catch (thrown) {
      const error = toAppError(thrown)
      log.info({ code: error.code }, 'live view ends with its session')
      return
    }
    res.write(': still here\n\n')
  }
}
