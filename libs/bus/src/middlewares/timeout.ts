import type { MessageName } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { Middleware } from '../types.js'

/** Aborts a handling after its time, and stops waiting for it after a further grace. */
export const timeout =
  (timeoutMs: (name: MessageName) => number, graceMs: number): Middleware =>
  (next) =>
  async (message, ctx) => {
    const ms = timeoutMs(message.name)
    let timer: NodeJS.Timeout | undefined
    let expiry: AppError | undefined
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        expiry = new AppError('unavailable', `${message.name} took longer than ${ms} ms`, { code: 'handler-timeout' })
        ctx.abort(expiry)
        timer = setTimeout(reject, graceMs)
      }, ms)
    })
    try {
      return await Promise.race([next(message, ctx), expired])
    } catch (thrown) {
      throw expiry ?? thrown
    } finally {
      clearTimeout(timer)
    }
  }
