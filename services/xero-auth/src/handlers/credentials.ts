import type { xeroAuth } from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'
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
  if (secretRefused) await tryThem(ports)
  return undefined
}

/** A refresh tells whether the refusal is over, so that nobody has to wait for the next one. */
async function tryThem({ tokens, log }: Ports): Promise<void> {
  try {
    await tokens.renew()
  } catch (thrown) {
    const err = toAppError(thrown)
    if (err.kind === 'bug') throw err
    log.warn({ err }, 'the saved credentials do not work yet')
  }
}

/** Forgets the credentials and the connection that they made. */
export async function deleteCredentials(ports: Ports, by: string) {
  const ended = await disconnect(ports, by)
  await ports.credentials.clear()
  return ended
}
