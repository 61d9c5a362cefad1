import { Secret } from '@afo/kit'
import * as oidc from 'openid-client'
import { createDiscovery } from './discovery.js'
import { grantFailure } from './grant-failure.js'
import type { AppCredentials, GrantOutcome, Identity } from './types.js'

export interface IdentityOptions {
  readonly loginUrl: string
  readonly identityUrl: string
  readonly scopes: readonly string[]
  readonly pkce: 'auto' | 'always' | 'never'
  /** Of one token request; under half of the refresh lease. */
  readonly deadlineMs: number
}

/**
 * Xero's identity server over OpenID Connect. Endpoints are those configured: discovery says only who the issuer is and whether PKCE is known, since
 * its document may name a host that is reached by another name from here.
 */
export function createIdentity(options: IdentityOptions): Identity {
  const { loginUrl, identityUrl, scopes, pkce, deadlineMs } = options
  const discover = createDiscovery(identityUrl, deadlineMs / 3)

  async function configure({ clientId, clientSecret }: AppCredentials): Promise<oidc.Configuration> {
    const { issuer } = await discover()
    const server = {
      issuer,
      authorization_endpoint: new URL('/identity/connect/authorize', loginUrl).href,
      token_endpoint: new URL('/connect/token', identityUrl).href,
    }
    const secret = clientSecret.reveal()
    // A clock that is wrong must not throw an answer away: Xero has changed the refresh token by then. Nothing here trusts an id token's times.
    const metadata = { [oidc.clockTolerance]: 86_400 }
    const configuration = new oidc.Configuration(server, clientId, metadata, oidc.ClientSecretBasic(secret))
    configuration.timeout = deadlineMs / 1000
    if (identityUrl.startsWith('http://')) oidc.allowInsecureRequests(configuration)
    return configuration
  }

  return {
    scopes,
    usesPkce: async () => (pkce === 'auto' ? (await discover()).pkce : pkce === 'always'),
    async authorizeUrl(credentials, { state, nonce, verifier, redirectUri }) {
      const configuration = await configure(credentials)
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        ...(scopes.includes('openid') ? { nonce } : {}),
        ...(verifier === null
          ? {}
          : { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
      })
      return url.href
    },
    async exchange(credentials, params, { state, nonce, verifier, redirectUri }) {
      const answer = new URL(redirectUri)
      for (const [name, value] of Object.entries(params)) answer.searchParams.set(name, value)
      return granted(async () =>
        oidc.authorizationCodeGrant(await configure(credentials), answer, {
          expectedState: state,
          ...(scopes.includes('openid') ? { expectedNonce: nonce } : {}),
          ...(verifier === null ? {} : { pkceCodeVerifier: verifier }),
        }),
      )
    },
    refresh: (credentials, refreshToken) =>
      granted(async () => oidc.refreshTokenGrant(await configure(credentials), refreshToken.reveal()), refreshToken),
  }
}

/** Runs a grant. `before`: the refresh token that stays in force where the answer brings none. */
async function granted(grant: () => ReturnType<typeof oidc.refreshTokenGrant>, before?: Secret): Promise<GrantOutcome> {
  try {
    const tokens = await grant()
    const refreshToken = tokens.refresh_token === undefined ? before : new Secret(tokens.refresh_token)
    if (!refreshToken) return { kind: 'invalid', error: 'no_refresh_token' }
    return {
      kind: 'granted',
      tokens: {
        accessToken: new Secret(tokens.access_token),
        refreshToken,
        idToken: tokens.id_token === undefined ? null : new Secret(tokens.id_token),
        scopes: tokens.scope ?? null,
        expiresInMs: (tokens.expires_in ?? 1_800) * 1000,
      },
    }
  } catch (thrown) {
    return failureOf(thrown)
  }
}

function failureOf(thrown: unknown): GrantOutcome {
  if (thrown instanceof oidc.ResponseBodyError) return grantFailure(thrown.status, thrown.error)
  if (thrown instanceof oidc.WWWAuthenticateChallengeError) return grantFailure(thrown.status, 'challenged')
  if (thrown instanceof oidc.AuthorizationResponseError) return { kind: 'invalid', error: thrown.error }
  if (thrown instanceof oidc.ClientError) {
    if (thrown.cause instanceof Response) return grantFailure(thrown.cause.status, thrown.code ?? 'unreadable')
    return { kind: 'unavailable', error: thrown.code ?? 'unreadable' }
  }
  // fetch rejects with a TypeError whose cause is the network's; one without a cause is a mistake in this program.
  if (thrown instanceof TypeError && thrown.cause !== undefined) return { kind: 'unavailable', error: 'network' }
  throw thrown
}
