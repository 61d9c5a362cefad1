import type { GrantOutcome, TokenSet } from '@afo/identity'
import { AppError, backoffMs, failpoint, newId, sleep, toAppError } from '@afo/kit'
import { isStale, isUsable, notConnected, requireLive } from '../core/live.js'
import type { LiveConnection, Ports, Tokens } from '../ports.js'

type TokenPorts = Omit<Ports, 'tokens'>
type Read = () => Promise<LiveConnection>

/** Keeps the access token good: one refresh at a time in this process (shared promise) and over all (lease in Postgres). */
export function createTokens(ports: TokenPorts): Tokens {
  const flights = new Map<string, Promise<LiveConnection>>()
  const shared = (key: string, work: () => Promise<LiveConnection>) => {
    const flight = flights.get(key) ?? work().finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  const read = async () => requireLive((await ports.store.read()).current)
  return {
    current: (stale) =>
      shared(`current ${stale ?? ''}`, async () => {
        const connection = await read()
        return isUsable(connection, ports.times.marginMs, stale) ? connection : refresh(ports, connection, read, stale)
      }),
    renew: () => shared('renew', async () => refresh(ports, await read(), read)),
  }
}

async function refresh(ports: TokenPorts, first: LiveConnection, read: Read, stale?: string): Promise<LiveConnection> {
  const { store, times, signal, log } = ports
  const giveUpAt = performance.now() + times.patienceMs
  for (let connection = first; ; ) {
    const owner = newId()
    if (await store.lease(connection, owner, times.leaseMs)) {
      try {
        return await renewUnderLease(ports, connection, owner, read)
      } catch (thrown) {
        await store.release(connection, owner).catch((err: unknown) => log.warn({ err }, 'lease left to expire'))
        throw thrown
      }
    }
    const next = await read()
    if (next.version !== first.version && isUsable(next, 0, stale)) return next
    // Somebody renews it early; it is good meanwhile.
    if (next.remainingMs > 0 && !isStale(next, stale)) return next
    if (performance.now() > giveUpAt || signal.aborted) throw stillRenewing()
    await sleep(times.pollMs, signal)
    connection = next
  }
}

const stillRenewing = () =>
  new AppError('unavailable', 'The connection to Xero is being renewed', { code: 'token-busy', retryAfterMs: 1_000 })

async function renewUnderLease(
  ports: TokenPorts,
  connection: LiveConnection,
  owner: string,
  read: Read,
): Promise<LiveConnection> {
  const { identity, times, log } = ports
  const credentials = await ports.credentials.read()
  if (!credentials) throw notConnected('The credentials of the Xero app are missing')
  let outcome = await identity.refresh(credentials, connection.tokens.refreshToken)
  if (outcome.kind === 'refused') {
    const now = await read()
    if (now.version !== connection.version) return now // a race was lost, not the grant
    const previous = connection.tokens.previousRefreshToken
    if (previous && connection.refreshedAgoMs < times.graceMs) outcome = await identity.refresh(credentials, previous)
  }
  if (outcome.kind === 'granted') {
    failpoint('after-grant')
    const swapped = await saveUntilItSticks(ports, connection, owner, outcome.tokens)
    log.info({ swapped, expiresInMs: outcome.tokens.expiresInMs }, 'access token renewed')
    const now = await read()
    if (!isUsable(now, 0)) throw stillRenewing()
    return now
  }
  throw await giveUp(ports, connection, outcome)
}

/** Nothing is handed out before it is stored: a token that exists only here would be lost with this process. */
async function saveUntilItSticks(
  { store, signal, log }: TokenPorts,
  connection: LiveConnection,
  owner: string,
  tokens: TokenSet,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.swap(connection, owner, tokens)
    } catch (thrown) {
      const err = toAppError(thrown)
      if (err.kind !== 'unavailable' || signal.aborted) throw err
      log.warn({ err, attempt }, 'renewed tokens not stored yet')
      await sleep(backoffMs(attempt, { baseMs: 100, capMs: 2_000 }, Math.random()), signal)
    }
  }
}

type Failed = Exclude<GrantOutcome, { kind: 'granted' }>

async function giveUp({ store, log, announce }: TokenPorts, connection: LiveConnection, { kind, error }: Failed) {
  log.warn({ kind, error }, 'access token not renewed')
  if (kind === 'refused') {
    const reason = `Xero no longer accepts the saved consent (${error})`
    const { tenantId, version } = connection
    if (await store.lost(tenantId, { code: 'AFO-101', reason, version, settledMs: 0 })) await announce()
    return notConnected(reason)
  }
  if (kind === 'credentials') {
    await store.secretRefused(connection)
    return new AppError('disconnected', 'Xero does not accept the client id and secret of the app', {
      code: 'credentials-refused',
      status: 409,
      details: { reason: error },
    })
  }
  return new AppError('unavailable', "Xero's identity server can't renew the connection at the moment", {
    code: 'identity-unavailable',
    retryAfterMs: 5_000,
    details: { reason: error },
  })
}
