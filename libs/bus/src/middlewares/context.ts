import { toAppError, withContext } from '@afo/kit'
import type { Middleware } from '../types.js'

/** Marks everything the handler logs and calls with the chain it belongs to, and logs how the handling ended. */
export const context: Middleware = (next) => (message, ctx) =>
  withContext({ correlationId: message.correlationId, causationId: message.id, message: message.name }, async () => {
    try {
      const said = await next(message, ctx)
      ctx.log.debug({ key: message.key, attempt: message.attempt, said: said.length }, 'handled')
      return said
    } catch (thrown) {
      const err = toAppError(thrown)
      ctx.log[err.kind === 'bug' ? 'error' : 'warn'](
        { err, key: message.key, attempt: message.attempt },
        'handling failed',
      )
      throw err
    }
  })
