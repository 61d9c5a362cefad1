import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Provider, { type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import type { SandboxClock } from '../clock.js'
import type { IdentityStorage } from './adapter.js'
import { openidScopes, resourceScopes } from './scopes.js'

/** Signing and cookie keys; kept with the state, so that tokens outlive a restart. */
export interface IdentityKeys {
  readonly jwk: JWK
  readonly cookie: string
}

export const audience = 'https://identity.xero.com/resources'

export interface User {
  readonly id: string
  readonly email: string
  readonly givenName: string
  readonly familyName: string
}

export const demoUser: User = {
  id: '0a9f7c1e-5d4b-4e8f-9a3c-6b2d1e0f8c7a',
  email: 'demo.user@example.com',
  givenName: 'Demo',
  familyName: 'User',
}

let made: IdentityKeys | undefined

/** Keys for a new sandbox. Making them is slow, so all sandboxes of one process have the same. */
export function makeKeys(): IdentityKeys {
  if (made) return made
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') }
  made = { jwk: jwk as unknown as JWK, cookie: randomBytes(24).toString('base64url') }
  return made
}

interface ProviderOptions {
  readonly issuer: string
  readonly storage: IdentityStorage
  readonly keys: IdentityKeys
  readonly clock: SandboxClock
  /** A refresh token was revoked by its app. */
  readonly onRevoked: (userId: string, clientId: string) => void
  /** The token endpoint answered; `error` is null when it issued tokens. */
  readonly onGrant: (grantType: string, clientId: string | null, error: string | null) => void
}

/** Xero's identity server: its own routes, its lifetimes, signed access tokens, rotation with a grace (see the adapter). */
export function makeProvider({ issuer, storage, keys, clock, onRevoked, onGrant }: ProviderOptions): Provider {
  const seconds = (value: number) => clock.scale.seconds(value)
  const configuration: Configuration = {
    adapter: storage.adapter,
    jwks: { keys: [keys.jwk] },
    cookies: { keys: [keys.cookie] },
    scopes: [...openidScopes],
    claims: { openid: ['sub'], profile: ['given_name', 'family_name', 'name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    routes: {
      authorization: '/identity/connect/authorize',
      token: '/connect/token',
      revocation: '/connect/revocation',
      userinfo: '/connect/userinfo',
      jwks: '/.well-known/openid-configuration/jwks',
      end_session: '/connect/endsession',
    },
    interactions: { url: (_ctx, interaction) => `/identity/consent/${interaction.uid}` },
    pkce: { required: () => false },
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    rotateRefreshToken: true,
    ttl: {
      // Code travels through a browser, which tests don't make faster.
      AuthorizationCode: Math.max(15, seconds(300)),
      AccessToken: seconds(1800),
      IdToken: seconds(300),
      RefreshToken: seconds(60 * 86_400),
      Grant: seconds(365 * 86_400),
      // A person reading the page isn't in a hurry because the tests are.
      Interaction: 3600,
      Session: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: resourceScopes.join(' '),
          audience,
          accessTokenTTL: seconds(1800),
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_ctx, token) => ({ xero_userid: 'accountId' in token ? token.accountId : undefined }),
    formats: {
      customizers: {
        // Instants in an access token are Xero's, and its scope is a list.
        jwt: (_ctx, _token, parts) => {
          const shift = Math.round(clock.offsetMs / 1000)
          const { payload } = parts
          if (typeof payload.iat === 'number') payload.iat += shift
          if (typeof payload.exp === 'number') payload.exp += shift
          payload.nbf = payload.iat
          if (typeof payload.scope === 'string') payload.scope = payload.scope.split(' ')
        },
      },
    },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: demoUser.email,
        given_name: demoUser.givenName,
        family_name: demoUser.familyName,
        name: `${demoUser.givenName} ${demoUser.familyName}`,
        preferred_username: demoUser.email,
      }),
    }),
    renderError: (ctx, out) => {
      ctx.type = 'json'
      ctx.body = out
    },
  }
  const provider = new Provider(issuer, configuration)
  provider.use(wholeScope)
  const grantType = (ctx: KoaContextWithOIDC) => String(ctx.oidc.params?.grant_type ?? '')
  provider.on('grant.success', (ctx) => onGrant(grantType(ctx), ctx.oidc.client?.clientId ?? null, null))
  provider.on('grant.error', (ctx, err) => onGrant(grantType(ctx), ctx.oidc?.client?.clientId ?? null, err.error))
  provider.on('refresh_token.destroyed', ({ accountId, clientId }) => onRevoked(accountId, clientId ?? ''))
  return provider
}

/** Xero's token answer names every granted scope, the provider's only those of the resource. */
const wholeScope: Parameters<Provider['use']>[0] = async (ctx, next) => {
  await next()
  const { oidc, body } = ctx
  if (oidc?.route !== 'token' || body === null || typeof body !== 'object' || !('access_token' in body)) return
  const source = oidc.entities.RefreshToken ?? oidc.entities.AuthorizationCode
  if (source?.scope) Object.assign(body, { scope: source.scope })
}
