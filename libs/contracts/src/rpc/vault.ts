import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { dateText, id, instantText } from '../text.js'
import { rpc } from './define.js'

/** An organisation that a consent covers, as Xero's `GET /connections` names it. */
export const organisation = z.object({ connectionId: z.string(), tenantId: z.string(), tenantName: z.string() })
export type Organisation = z.infer<typeof organisation>

/** A row of `xero_tokens`. The tokens are ciphertext; ages and remainders are by Postgres's clock. */
export const connectionRow = z.object({
  id,
  tenantId: z.string(),
  tenantName: z.string(),
  connectionId: z.string().nullable(),
  accessToken: z.string(),
  refreshToken: z.string(),
  previousRefreshToken: z.string().nullable(),
  idToken: z.string().nullable(),
  scopes: z.string().nullable(),
  organisations: z.array(organisation).nullable(),
  version: z.int(),
  expiresAt: instantText,
  remainingMs: z.int(),
  refreshedAt: instantText,
  refreshedAgoMs: z.int(),
  connectedBy: z.string().nullable(),
  connectedAt: instantText,
  disconnectedAt: instantText.nullable(),
  disconnectedReason: z.string().nullable(),
})
export type ConnectionRow = z.infer<typeof connectionRow>

/** How much of ours points at the organisation in use. */
export const organisationLinks = z.object({
  clients: z.int(),
  items: z.int(),
  invoices: z.int(),
  invoicesUnderway: z.int(),
})
export type OrganisationLinks = z.infer<typeof organisationLinks>

const place = { table: z.string(), row: z.string(), column: z.string() }

/** The vault's (xero-auth) database functions. */
export const vaultRpcs = {
  sync_connection_read: rpc(
    z.object({}),
    z.object({ current: connectionRow.nullable(), pending: connectionRow.nullable(), secretRefused: z.boolean() }),
  ),
  sync_connection_save: rpc(
    z.object({
      p_grant: z.object({
        id,
        ...organisation.shape,
        accessToken: z.string(),
        refreshToken: z.string(),
        idToken: z.string().nullable(),
        scopes: z.string().nullable(),
        organisations: z.array(organisation).nullable(),
        expiresInMs: z.int(),
        connectedBy: z.string().nullable(),
        source: id.nullable(),
        sourceVersion: z.int().nullable(),
      }),
      p_select: z.boolean(),
      p_force: z.boolean(),
      p_today: dateText,
    }),
    z.discriminatedUnion('outcome', [
      z.object({ outcome: z.enum(['connected', 'pending']) }),
      z.object({ outcome: z.literal('linked'), links: organisationLinks, tenantName: z.string() }),
    ]),
  ),
  sync_connection_lost: rpc(
    z.object({
      p_tenant_id: z.string(),
      p_version: z.int().nullable(),
      p_settled_ms: z.int(),
      p_code: z.enum(failureCodes),
      p_reason: z.string(),
    }),
    z.boolean(),
  ),
  sync_secret_refused: rpc(z.object({ p_id: id, p_version: z.int() }), z.null()),
  sync_connection_end: rpc(z.object({ p_reason: z.string() }), z.boolean()),
  sync_connection_unannounced: rpc(
    z.object({}),
    z.array(
      z.object({
        id,
        name: z.enum(['xero.connected', 'xero.disconnected']),
        version: z.int(),
        tenantId: z.string(),
        tenantName: z.string(),
        reason: z.string(),
      }),
    ),
  ),
  sync_connection_announced: rpc(z.object({ p_id: id, p_name: z.string() }), z.null()),
  sync_connection_warn: rpc(z.object({ p_id: id, p_days: z.int() }), z.boolean()),

  sync_token_lease: rpc(
    z.object({ p_id: id, p_version: z.int(), p_owner: z.string(), p_lease_ms: z.int() }),
    z.object({ granted: z.boolean(), version: z.int().nullable() }),
  ),
  sync_token_swap: rpc(
    z.object({
      p_id: id,
      p_version: z.int(),
      p_owner: z.string(),
      p_tokens: z.object({
        accessToken: z.string(),
        refreshToken: z.string(),
        previousRefreshToken: z.string(),
        idToken: z.string().nullable(),
        scopes: z.string().nullable(),
        expiresInMs: z.int(),
      }),
    }),
    z.boolean(),
  ),
  sync_token_release: rpc(z.object({ p_id: id, p_owner: z.string() }), z.null()),

  sync_connection_adopt: rpc(z.object({}), z.boolean()),

  sync_vault_check: rpc(z.object({ p_value: z.string() }), z.string()),
  sync_vault_values: rpc(
    z.object({ p_after: z.string(), p_limit: z.int() }),
    z.array(z.object({ place: z.string(), ...place, tenant: z.string(), value: z.string() })),
  ),
  sync_vault_replace: rpc(z.object({ p_place: z.string(), p_old: z.string(), p_new: z.string() }), z.boolean()),
} as const
