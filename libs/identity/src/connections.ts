import { AppError, type Secret } from '@afo/kit'
import { z } from 'zod'
import type { XeroConnections } from './types.js'

const connections = z.array(
  z.object({
    id: z.string(),
    tenantId: z.string(),
    authEventId: z.string().nullish(),
    tenantType: z.string(),
    tenantName: z.string().nullish(),
  }),
)

/** `GET /connections` and `DELETE /connections/{id}`, with a deadline. */
export function createXeroConnections(apiUrl: string, deadlineMs: number): XeroConnections {
  async function call(method: 'GET' | 'DELETE', path: string, accessToken: Secret): Promise<Response> {
    let answer: Response
    try {
      answer = await fetch(new URL(path, apiUrl), {
        method,
        headers: { authorization: `Bearer ${accessToken.reveal()}`, accept: 'application/json' },
        signal: AbortSignal.timeout(deadlineMs),
      })
    } catch (cause) {
      throw new AppError('unavailable', 'Xero did not answer', { code: 'xero-unavailable', cause })
    }
    if (answer.status === 401 || answer.status === 403) {
      throw new AppError('disconnected', 'Xero no longer accepts the connection', {
        code: 'not-connected',
        status: 409,
      })
    }
    if (answer.status >= 300 && answer.status !== 404) {
      throw new AppError('unavailable', `Xero answered ${answer.status}`, { code: 'xero-unavailable' })
    }
    return answer
  }

  return {
    async list(accessToken) {
      const answer = await call('GET', '/connections', accessToken)
      const read = connections.safeParse(await answer.json().catch(() => null))
      if (!read.success)
        throw new AppError('unavailable', "Xero's list of organisations can't be read", { cause: read.error })
      return read.data
        .filter(({ tenantType }) => tenantType === 'ORGANISATION')
        .map(({ id, tenantId, tenantName, authEventId }) => ({
          connectionId: id,
          tenantId,
          tenantName: tenantName ?? '',
          authEventId: authEventId ?? null,
        }))
    },
    async remove(accessToken, connectionId) {
      const answer = await call('DELETE', `/connections/${encodeURIComponent(connectionId)}`, accessToken)
      return answer.status === 404 ? 'gone-already' : 'removed'
    },
  }
}
