import type { FailureCode, Organisation, OrganisationLinks } from '@afo/contracts'
import type { Secret } from '@afo/kit'

/** What Xero's identity server gave. */
export interface TokenSet {
  readonly accessToken: Secret
  readonly refreshToken: Secret
  readonly idToken: Secret | null
  readonly scopes: string | null
  readonly expiresInMs: number
}

/** The connection, or a consent that waits for a choice, with its tokens opened. Ages and remainders are by Postgres's clock. */
export interface Connection {
  readonly id: string
  /** Grows with every change of the tokens. */
  readonly version: number
  readonly tenantId: string
  readonly tenantName: string
  readonly connectionId: string | null
  readonly scopes: readonly string[]
  readonly organisations: readonly Organisation[]
  readonly expiresAt: string
  readonly remainingMs: number
  readonly refreshedAt: string
  readonly refreshedAgoMs: number
  readonly connectedBy: string | null
  readonly connectedAt: string
  readonly disconnectedReason: string | null
  /** Null once disconnected. */
  readonly tokens: OpenedTokens | null
}

export interface OpenedTokens {
  readonly access: Secret
  readonly refresh: Secret
  readonly previousRefresh: Secret | null
  readonly id: Secret | null
}

export type LiveConnection = Connection & { readonly tokens: OpenedTokens }

export interface NewConnection {
  readonly organisation: Organisation
  readonly tokens: TokenSet
  /** What the consent covers, kept while a choice is open. */
  readonly organisations: readonly Organisation[] | null
  readonly connectedBy: string | null
  /** The connection whose token set this is, where it is moved rather than new. */
  readonly source: Connection | null
}

export type SaveOutcome =
  | { readonly outcome: 'connected' | 'pending' }
  | { readonly outcome: 'linked'; readonly links: OrganisationLinks; readonly tenantName: string }

export interface ConnectionStore {
  read(): Promise<{ current: Connection | null; pending: Connection | null }>
  /** @throws AppError `connection-busy` when the source is being renewed */
  save(connection: NewConnection, how: { select: boolean; force: boolean }): Promise<SaveOutcome>
  lease(connection: Connection, owner: string, leaseMs: number): Promise<boolean>
  /** False: another one's tokens are in force. Calling it again after an unknown outcome is safe. */
  swap(connection: LiveConnection, owner: string, tokens: TokenSet): Promise<boolean>
  release(connection: Connection, owner: string): Promise<void>
  /** Marks the connection as gone, once. `version`: only if these are still its tokens. */
  lost(tenantId: string, why: Loss): Promise<boolean>
  end(reason: string): Promise<boolean>
  /** True for the first to warn of this few days. */
  warn(connection: Connection, daysLeft: number): Promise<boolean>
}

export interface Loss {
  readonly code: FailureCode
  readonly reason: string
  readonly version: number | null
  /** A connection younger than this isn't the one that the report is about. */
  readonly settledMs: number
}

export interface Credentials {
  readonly clientId: string
  readonly clientSecret: Secret
  readonly source: 'database' | 'environment'
}

export interface SavedCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri?: string | undefined
  readonly webhookKey?: string | undefined
}

export interface CredentialStore {
  read(): Promise<Credentials | null>
  redirectUri(): Promise<string | null>
  /** Those whose signatures are accepted: the one in use, and the one before it where set. */
  webhookKeys(): Promise<readonly Secret[]>
  save(credentials: SavedCredentials): Promise<void>
  saveRedirectUri(uri: string): Promise<void>
  clear(): Promise<void>
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

export interface Identity {
  readonly scopes: readonly string[]
  /** Whether to send PKCE, by setting or discovery. */
  usesPkce(): Promise<boolean>
  authorizeUrl(credentials: Credentials, consent: Consent): Promise<string>
  exchange(credentials: Credentials, params: Readonly<Record<string, string>>, consent: Consent): Promise<GrantOutcome>
  refresh(credentials: Credentials, refreshToken: Secret): Promise<GrantOutcome>
}

export interface XeroConnections {
  /** Organisations (not practices) this token reaches. @throws AppError `unavailable`, `disconnected` */
  list(accessToken: Secret): Promise<readonly (Organisation & { authEventId: string | null })[]>
  remove(accessToken: Secret, connectionId: string): Promise<'removed' | 'gone-already'>
}
