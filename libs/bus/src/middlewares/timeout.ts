import type { MessageName } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { Middleware } from '../types.js'

/** Aborts a handling after its time, and stops waiting for it after a further grace. */
export const timeout =
  (timeoutMs: (name: MessageName) => number, graceMs: number): Middleware =>
  (next) =>
  (message, ctx) =>
    new Promise((resolve, reject) => {
      let expiry: AppError | undefined
      // Begun before its time is set: a timer costs as much as a small handler does.
      next(message, ctx).then(
        (said) => {
          clearTimeout(timer)
          resolve(said)
        },
        (thrown: unknown) => {
          clearTimeout(timer)
          reject(expiry ?? thrown)
        },
      )
      const ms = timeoutMs(message.name)
      let timer = setTimeout(() => {
        expiry = new AppError('unavailable', `${message.name} took longer than ${ms} ms`, { code: 'handler-timeout' })
        ctx.abort(expiry)
        timer = setTimeout(reject, graceMs, expiry)
      }, ms)
    })
