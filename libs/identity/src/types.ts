import type { Secret } from '@afo/kit'

/** What Xero's identity server gave. */
export interface TokenSet {
  readonly accessToken: Secret
  readonly refreshToken: Secret
  readonly idToken: Secret | null
  readonly scopes: string | null
  readonly expiresInMs: number
}

/** An app of Xero's developer portal. */
export interface AppCredentials {
  readonly clientId: string
  readonly clientSecret: Secret
}

/** What the identity server said: tokens, or why not. `refused`: the code or refresh token; `credentials`: the client id or secret. */
export type GrantOutcome =
  | { readonly kind: 'granted'; readonly tokens: TokenSet }
  | { readonly kind: 'refused' | 'credentials' | 'unavailable' | 'invalid'; readonly error: string }

/** One consent under way: what the browser was sent with, and must come back with. */
export interface Consent {
  readonly state: string
  readonly nonce: string
  readonly verifier: string | null
  readonly redirectUri: string
}

/** Xero's identity server. What it answers is data; only a mistake of this program throws. */
export interface Identity {
  readonly scopes: readonly string[]
  /** Whether to send PKCE, by setting or discovery. */
  usesPkce(): Promise<boolean>
  authorizeUrl(app: AppCredentials, consent: Consent): Promise<string>
  exchange(app: AppCredentials, params: Readonly<Record<string, string>>, consent: Consent): Promise<GrantOutcome>
  refresh(app: AppCredentials, refreshToken: Secret): Promise<GrantOutcome>
}

export interface ListedOrganisation {
  readonly connectionId: string
  readonly tenantId: string
  readonly tenantName: string
  /** The consent that connected it. */
  readonly authEventId: string | null
}

/** `/connections`: which organisations a token reaches. */
export interface XeroConnections {
  /** Organisations (not practices). @throws AppError `unavailable`, `disconnected` */
  list(accessToken: Secret): Promise<readonly ListedOrganisation[]>
  remove(accessToken: Secret, connectionId: string): Promise<'removed' | 'gone-already'>
}
