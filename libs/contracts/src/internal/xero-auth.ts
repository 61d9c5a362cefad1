import { z } from 'zod'
import { organisation, organisationLinks } from '../rpc/vault.js'
import { instantText } from '../text.js'

const clientId = z.string().regex(/^[0-9A-Fa-f]{32}$/, 'must be the 32 hexadecimal digits that Xero shows')
const clientSecret = z.string().min(1).max(512)
const redirectUri = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((uri) => !uri.includes('#'), 'must not have a fragment')
const person = z.string().min(1).max(320)
/** The random value in the cookie of the browser that began to connect. */
const browser = z.string().min(16).max(200)

/** What ended a consent without a connection; the `xero_error` that the console explains. */
export const consentErrors = [
  'access_denied',
  'invalid_scope',
  'unauthorized_client',
  'invalid_request',
  'expired_code',
  'credentials_refused',
  'no_organisation',
  'no_refresh_token',
  'organisation_change',
  'unavailable',
  'failed',
] as const
export type ConsentError = (typeof consentErrors)[number]

/** Secrets that are not Xero's and are kept in the vault all the same. */
export const alertSecrets = ['alert_smtp_password', 'alert_webhook_url', 'alert_webhook_secret'] as const
export type AlertSecret = (typeof alertSecrets)[number]
const secretsOf = <S extends z.ZodType>(shape: S) =>
  Object.fromEntries(alertSecrets.map((name) => [name, shape])) as Record<AlertSecret, S>

/** What services say to xero-auth over HTTP, with the service token, and what it answers. Never reachable from outside. */
export const xeroAuth = {
  token: {
    query: z.strictObject({
      /** Hex SHA-256 of the access token that Xero refused. */
      stale: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    answer: z.object({
      accessToken: z.string(),
      tenantId: z.string(),
      tenantName: z.string(),
      expiresAt: instantText,
    }),
  },
  disconnected: {
    body: z.strictObject({
      tenantId: z.string().min(1).max(100),
      reason: z.string().min(1).max(500),
      /** Hex SHA-256 of the access token that Xero refused. */
      token: z.string().length(64).optional(),
    }),
    answer: z.object({ marked: z.boolean() }),
  },
  connection: {
    answer: z.object({
      connected: z.boolean(),
      tenantId: z.string().nullable(),
      tenantName: z.string().nullable(),
      redirectUri: z.string().nullable(),
      credentialsSaved: z.boolean(),
      source: z.enum(['database', 'environment', 'none']),
      clientIdLast4: z.string().nullable(),
      webhookKeySaved: z.boolean(),
      /** Those granted while connected, else those that will be asked for. */
      scopes: z.array(z.string()),
      missingScopes: z.array(z.string()),
      /** A consent covers several organisations and waits for a choice. */
      choiceNeeded: z.boolean(),
      disconnectedReason: z.string().nullable(),
      tokenHealth: z
        .object({
          expiresAt: instantText,
          refreshedAt: instantText,
          daysLeft: z.int(),
          connectedBy: z.string().nullable(),
          connectedAt: instantText,
        })
        .nullable(),
    }),
  },
  saveCredentials: {
    body: z.strictObject({
      clientId,
      clientSecret,
      redirectUri: redirectUri.optional(),
      webhookKey: z.string().min(1).max(512).optional(),
      force: z.boolean().optional(),
      by: person,
    }),
  },
  deleteCredentials: { body: z.strictObject({ by: person }) },
  authorize: {
    body: z.strictObject({ admin: person, browser, redirectUri }),
    answer: z.object({ url: z.url() }),
  },
  callback: {
    body: z.strictObject({
      params: z.record(z.string().max(100), z.string().max(4_000)),
      browser: browser.nullable(),
    }),
    answer: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('connected'), tenantId: z.string(), tenantName: z.string(), admin: z.string() }),
      z.object({ outcome: z.literal('choose'), admin: z.string() }),
      z.object({ outcome: z.literal('error'), error: z.enum(consentErrors), admin: z.string() }),
    ]),
  },
  disconnect: {
    body: z.strictObject({ by: person }),
    answer: z.object({
      disconnected: z.boolean(),
      /** Whether the connection is gone at Xero too. */
      xero: z.enum(['removed', 'gone-already', 'unreachable', 'not-connected']),
    }),
  },
  organisations: {
    answer: z.object({ organisations: z.array(organisation.extend({ selected: z.boolean() })) }),
  },
  selectOrganisation: {
    body: z.strictObject({ tenantId: z.string().min(1).max(100), force: z.boolean().optional(), by: person }),
    answer: z.object({ tenantId: z.string(), tenantName: z.string() }),
  },
  /** The alerts' secrets: null removes one, what is left out stays. */
  saveSecrets: { body: z.strictObject(secretsOf(z.string().min(1).max(2_000).nullable().optional())) },
  secrets: { answer: z.object(secretsOf(z.string().optional())) },
  /** Details of the 409 that refuses a change of organisation. */
  linked: organisationLinks,
} as const
