import type { Ephemeral } from '@afo/bus'
import type { AlertSecret, ConnectionRow, FailureCode, Organisation, OrganisationLinks, xeroAuth } from '@afo/contracts'
import type { AppCredentials, Identity, TokenSet, XeroConnections } from '@afo/identity'
import type { Log, Secret, Vault } from '@afo/kit'
import type { SecretSettings } from '@afo/service'
import type { z } from 'zod'
import type { Times } from './times.js'

/** The connection, or a consent that waits for a choice, with its tokens opened. Ages and remainders are by Postgres's clock. */
export type Connection = Omit<ConnectionRow, keyof OpenedTokens | 'scopes' | 'organisations'> & {
  readonly scopes: readonly string[]
  readonly organisations: readonly Organisation[]
  /** Null once disconnected. */
  readonly tokens: OpenedTokens | null
}

export type OpenedTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'idToken'> & {
  readonly previousRefreshToken: Secret | null
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
  /** `secretRefused`: by Xero, and no grant has worked since. */
  read(): Promise<{ current: Connection | null; pending: Connection | null; secretRefused: boolean }>
  /** @throws AppError `connection-busy` when the source is being renewed */
  save(connection: NewConnection, how: { select: boolean; force: boolean }): Promise<SaveOutcome>
  lease(connection: Connection, owner: string, leaseMs: number): Promise<boolean>
  /** False: another one's tokens are in force. Calling it again after an unknown outcome is safe. */
  swap(connection: LiveConnection, owner: string, tokens: TokenSet): Promise<boolean>
  release(connection: Connection, owner: string): Promise<void>
  /** Marks the connection as gone, once. `version`: only if these are still its tokens. */
  lost(tenantId: string, why: Loss): Promise<boolean>
  /** Notes that Xero refused the app's secret, once, unless other tokens came in meanwhile. */
  secretRefused(connection: Connection): Promise<unknown>
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

export interface Credentials extends AppCredentials {
  readonly source: 'database' | 'environment'
}

export interface CredentialStore {
  read(): Promise<Credentials | null>
  redirectUri(): Promise<string | null>
  /** Those whose signatures are accepted: the one in use, and the one before it where set. */
  webhookKeys(): Promise<readonly Secret[]>
  save(credentials: Omit<z.output<typeof xeroAuth.saveCredentials.body>, 'by' | 'force'>): Promise<void>
  saveRedirectUri(uri: string): Promise<void>
  clear(): Promise<void>
}

export interface Tokens {
  /**
   * The connection with a good access token, refreshed where needed: by one asker at a time over all replicas.
   * @param stale hex SHA-256 of an access token that Xero refused
   * @throws AppError `not-connected`, `credentials-refused`, `unavailable`
   */
  current(stale?: string): Promise<LiveConnection>
  /** Refreshes whatever the age, so that the grant doesn't lapse unused. */
  renew(): Promise<LiveConnection>
}

/** What the handlers work with. */
export interface Ports {
  readonly store: ConnectionStore
  readonly credentials: CredentialStore
  readonly identity: Identity
  readonly connections: XeroConnections
  readonly tokens: Tokens
  readonly vault: Vault
  readonly alertSecrets: SecretSettings<AlertSecret>
  readonly ephemeral: Ephemeral
  readonly times: Times
  readonly log: Log
  readonly signal: AbortSignal
  /** Says what changed about the connection, at once. */
  readonly announce: () => Promise<void>
}
