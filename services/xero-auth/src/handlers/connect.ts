import { randomBytes } from 'node:crypto'
import type { ConsentError, xeroAuth } from '@afo/contracts'
import { authEventIdOf, type Consent, type TokenSet } from '@afo/identity'
import { AppError, equalSecrets, sha256Hex, toAppError } from '@afo/kit'
import type { z } from 'zod'
import { consentError } from '../core/consent-error.js'
import { planOrganisation } from '../core/organisations.js'
import type { Ports } from '../ports.js'

/** What must come back. It is kept sealed, so that nobody who can write to Redis can make one up. */
interface KeptConsent extends Consent {
  readonly admin: string
  readonly browserHash: string
}
type Authorize = z.output<typeof xeroAuth.authorize.body>
type Callback = z.output<typeof xeroAuth.callback.body>
export type CallbackOutcome = z.input<typeof xeroAuth.callback.answer>

const random = () => randomBytes(32).toString('base64url')
const keyOf = (state: string) => `xero-consent:${sha256Hex(state)}`
const placeOf = (state: string) => ({ table: 'ephemeral', row: keyOf(state), column: 'consent', tenant: '' })

/**
 * Begins a consent: the address of Xero's page, and what must come back kept aside (sealed, single use), bound to this admin and this browser.
 * @throws AppError `credentials-missing`
 */
export async function authorize(ports: Ports, { admin, browser, redirectUri }: Authorize): Promise<string> {
  const { credentials, identity, vault, ephemeral, log, times } = ports
  const app = await credentials.read()
  if (!app)
    throw new AppError('notReady', 'Save the credentials of your Xero app first', { code: 'credentials-missing' })
  const saved = await credentials.redirectUri()
  if (saved !== redirectUri) {
    log.info({ saved, redirectUri }, 'the redirect URI changed and is saved anew')
    await credentials.saveRedirectUri(redirectUri)
  }
  const verifier = (await identity.usesPkce()) ? random() : null
  const bound = { admin, browserHash: sha256Hex(browser) }
  const kept: KeptConsent = { state: random(), nonce: random(), verifier, redirectUri, ...bound }
  await ephemeral.put(keyOf(kept.state), vault.seal(JSON.stringify(kept), placeOf(kept.state)), times.consentMs)
  return identity.authorizeUrl(app, kept)
}

/**
 * Ends a consent: exchanges the code (once: the state is taken by the first to come), finds the organisation, stores the connection.
 * @throws AppError `consent-unknown` for a state that is missing, used, too old, or another browser's
 */
export async function callback(ports: Ports, { params, browser }: Callback): Promise<CallbackOutcome> {
  const kept = await takeConsent(ports, params.state, browser)
  const { admin } = kept
  const ended = (error: ConsentError): CallbackOutcome => ({ outcome: 'error', error, admin })
  if (params.error !== undefined) return ended(consentError(params.error))
  if (!params.code) return ended('invalid_request')
  const app = await ports.credentials.read()
  if (!app) return ended('credentials_refused')

  const grant = await ports.identity.exchange(app, params, kept)
  if (grant.kind !== 'granted') {
    ports.log.warn({ kind: grant.kind, error: grant.error }, 'the code was not exchanged')
    const current = grant.kind === 'credentials' ? (await ports.store.read()).current : null
    if (current) await ports.store.secretRefused(current)
    return ended(consentError(grant.error, grant.kind))
  }
  try {
    return await connect(ports, grant.tokens, admin)
  } catch (thrown) {
    const err = toAppError(thrown)
    ports.log.error({ err }, 'consent given but the connection is not stored')
    return ended(err.kind === 'unavailable' ? 'unavailable' : 'failed')
  }
}

async function takeConsent({ ephemeral, vault }: Ports, state: string | undefined, browser: string | null) {
  const sealed = state && browser ? await ephemeral.take(keyOf(state)) : null
  if (!sealed || !state || !browser) throw unknownConsent()
  const kept = JSON.parse(vault.open(sealed, placeOf(state))) as KeptConsent
  const same = equalSecrets(kept.state, state)
  if (!equalSecrets(kept.browserHash, sha256Hex(browser)) || !same) throw unknownConsent()
  return kept
}

const unknownConsent = () =>
  new AppError('invalid', 'This link was used already, is older than 10 minutes, or was begun in another browser', {
    code: 'consent-unknown',
  })

async function connect(ports: Ports, tokens: TokenSet, admin: string): Promise<CallbackOutcome> {
  const { store, connections, announce } = ports
  const listed = await connections.list(tokens.accessToken)
  const { current } = await store.read()
  const plan = planOrganisation(listed, authEventIdOf(tokens.accessToken.reveal()), current?.tenantId ?? null)
  if (plan.kind === 'none') return { outcome: 'error', error: 'no_organisation', admin }

  const common = { tokens, connectedBy: admin, source: null }
  if (plan.kind === 'choose') {
    const [organisation] = plan.organisations
    await store.save({ ...common, organisation, organisations: plan.organisations }, { select: false, force: false })
    return { outcome: 'choose', admin }
  }
  const { organisation } = plan
  const saved = await store.save({ ...common, organisation, organisations: null }, { select: true, force: false })
  if (saved.outcome === 'linked') {
    await store.save({ ...common, organisation, organisations: [organisation] }, { select: false, force: false })
    return { outcome: 'error', error: 'organisation_change', admin }
  }
  await announce()
  const { tenantId, tenantName } = organisation
  return { outcome: 'connected', tenantId, tenantName, admin }
}
