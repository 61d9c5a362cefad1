import type { ConnectionRow } from '@afo/contracts'
import type { Db } from '@afo/db'
import type { TokenSet } from '@afo/identity'
import { newId, type Place, Secret, type Vault } from '@afo/kit'
import type { Connection, ConnectionStore } from '../ports.js'

type Column = 'access_token' | 'refresh_token' | 'id_token' | 'previous_refresh_token'

const place = (row: string, tenant: string, column: Column): Place => ({ table: 'xero_tokens', row, column, tenant })

/** `xero_tokens` behind the vault. `today` is the business day, for the first connection. */
export function createConnectionStore(db: Db, vault: Vault, today: () => string): ConnectionStore {
  return {
    async read() {
      const { current, pending, secretRefused } = await db.rpc('sync_connection_read', {})
      return { current: current && open(vault, current), pending: pending && open(vault, pending), secretRefused }
    },
    async save({ organisation, tokens, organisations, connectedBy, source }, { select, force }) {
      const id = newId()
      return db.rpc('sync_connection_save', {
        p_grant: {
          id,
          ...organisation,
          ...seal(vault, id, organisation.tenantId, tokens),
          organisations: organisations && [...organisations],
          connectedBy,
          source: source?.id ?? null,
          sourceVersion: source?.version ?? null,
        },
        p_select: select,
        p_force: force,
        p_today: today(),
      })
    },
    async lease({ id, version }, owner, leaseMs) {
      const { granted } = await db.rpc('sync_token_lease', {
        p_id: id,
        p_version: version,
        p_owner: owner,
        p_lease_ms: leaseMs,
      })
      return granted
    },
    swap({ id, version, tenantId, tokens: before }, owner, tokens) {
      const previousRefreshToken = vault.seal(
        before.refreshToken.reveal(),
        place(id, tenantId, 'previous_refresh_token'),
      )
      return db.rpc('sync_token_swap', {
        p_id: id,
        p_version: version,
        p_owner: owner,
        p_tokens: { ...seal(vault, id, tenantId, tokens), previousRefreshToken },
      })
    },
    async release({ id }, owner) {
      await db.rpc('sync_token_release', { p_id: id, p_owner: owner })
    },
    lost(tenantId, { code, reason, version, settledMs }) {
      return db.rpc('sync_connection_lost', {
        p_tenant_id: tenantId,
        p_version: version,
        p_settled_ms: settledMs,
        p_code: code,
        p_reason: reason,
      })
    },
    secretRefused: ({ id, version }) => db.rpc('sync_secret_refused', { p_id: id, p_version: version }),
    end: (reason) => db.rpc('sync_connection_end', { p_reason: reason }),
    warn: ({ id }, days) => db.rpc('sync_connection_warn', { p_id: id, p_days: days }),
  }
}

function seal(vault: Vault, id: string, tenantId: string, tokens: TokenSet) {
  const sealed = (secret: Secret, column: Column) => vault.seal(secret.reveal(), place(id, tenantId, column))
  return {
    accessToken: sealed(tokens.accessToken, 'access_token'),
    refreshToken: sealed(tokens.refreshToken, 'refresh_token'),
    idToken: tokens.idToken && sealed(tokens.idToken, 'id_token'),
    scopes: tokens.scopes,
    expiresInMs: tokens.expiresInMs,
  }
}

function open(vault: Vault, row: ConnectionRow): Connection {
  const opened = (value: string, column: Column) => new Secret(vault.open(value, place(row.id, row.tenantId, column)))
  const { accessToken, refreshToken, previousRefreshToken: previous, idToken, scopes, organisations, ...rest } = row
  const live = row.disconnectedAt === null
  return {
    ...rest,
    scopes: scopes?.split(' ').filter((scope) => scope !== '') ?? [],
    organisations: organisations ?? [],
    tokens: live
      ? {
          accessToken: opened(accessToken, 'access_token'),
          refreshToken: opened(refreshToken, 'refresh_token'),
          previousRefreshToken: previous === null ? null : opened(previous, 'previous_refresh_token'),
          idToken: idToken === null ? null : opened(idToken, 'id_token'),
        }
      : null,
  }
}
