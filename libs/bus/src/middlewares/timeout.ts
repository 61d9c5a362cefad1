import type { MessageName } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { Middleware } from '../types.js'

/** Aborts the handler's signal after its time, and stops waiting for it after a further grace. */
export const timeout =
  (timeoutMs: (name: MessageName) => number, graceMs: number): Middleware =>
  (next) =>
  async (message, ctx) => {
    const controller = new AbortController()
    const pass = () => controller.abort(ctx.signal.reason)
    if (ctx.signal.aborted) pass()
    else ctx.signal.addEventListener('abort', pass, { once: true })

    const ms = timeoutMs(message.name)
    const expiry = new AppError('unavailable', `${message.name} took longer than ${ms} ms`, { code: 'handler-timeout' })
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        controller.abort(expiry)
        timer = setTimeout(() => reject(expiry), graceMs)
      }, ms)
    })
    try {
      return await Promise.race([next(message, { ...ctx, signal: controller.signal }), expired])
    } catch (thrown) {
      throw controller.signal.reason === expiry ? expiry : thrown
    } finally {
      clearTimeout(timer)
      ctx.signal.removeEventListener('abort', pass)
    }
  }
