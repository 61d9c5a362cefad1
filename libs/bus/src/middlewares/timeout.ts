import type { MessageName } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { Middleware } from '../types.js'

/** Aborts a handling after its time, and stops waiting for it after a further grace. */
export const timeout =
  (timeoutMs: (name: MessageName) => number, graceMs: number): Middleware =>
  (next) =>
  (message, ctx) =>
    new Promise((resolve, reject) => {
      const ms = timeoutMs(message.name)
      let expiry: AppError | undefined
      let timer = setTimeout(() => {
        expiry = new AppError('unavailable', `${message.name} took longer than ${ms} ms`, { code: 'handler-timeout' })
        ctx.abort(expiry)
        timer = setTimeout(reject, graceMs, expiry)
      }, ms)
      const handled = async () => next(message, ctx)
      handled()
        .then(resolve, (thrown: unknown) => reject(expiry ?? thrown))
        .finally(() => clearTimeout(timer))
    })
