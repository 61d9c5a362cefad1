import type { xeroAuth } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { z } from 'zod'
import type { Ports } from '../ports.js'
import { disconnect } from './disconnect.js'

/**
 * Saves the app's credentials. Another client id would cut off the connection that the old one made, so that it asks first; forced, the
 * connection is ended properly before.
 * @throws AppError `client-id-in-use` (409)
 */
export async function saveCredentials(
  ports: Ports,
  { force = false, by, ...credentials }: z.output<typeof xeroAuth.saveCredentials.body>,
): Promise<undefined> {
  const before = await ports.credentials.read()
  const { current, secretRefused } = await ports.store.read()
  if (current?.tokens && before && before.clientId !== credentials.clientId) {
    if (!force) {
      throw new AppError(
        'notReady',
        `${current.tenantName} is connected through the client id that is saved. Another one ends that connection; you then connect again.`,
        { code: 'client-id-in-use', details: { confirm: '?force=true' } },
      )
    }
    await disconnect(ports, by)
  }
  await ports.credentials.save(credentials)
  // A refresh tells at once whether these work.
  const still = (err: unknown) => ports.log.warn({ err }, 'the saved credentials do not work yet')
  if (secretRefused) await ports.tokens.renew().catch(still)
  return undefined
}

/** Forgets the credentials and the connection that they made. */
export async function deleteCredentials(ports: Ports, by: string) {
  const ended = await disconnect(ports, by)
  await ports.credentials.clear()
  return ended
}
