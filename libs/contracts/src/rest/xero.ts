import { z } from 'zod'
import { consentErrors, xeroAuth } from '../internal/xero-auth.js'
import { instantText } from '../text.js'
import { flagText, secretText } from './common.js'

const saved = xeroAuth.saveCredentials.body.shape

/** Asks for what would be refused without a confirmation. */
export const forceQuery = z.strictObject({ force: flagText.optional() })

export const xeroSettingsBody = z.strictObject({
  clientId: saved.clientId,
  clientSecret: secretText,
  /** The gateway's own address unless told. */
  redirectUri: saved.redirectUri,
  webhookKey: secretText.optional(),
})

/** Everything a person may know about the connection; never a secret. */
export const xeroSettingsStatus = z
  .object({
    connected: z.boolean(),
    tenant_name: z.string().nullable(),
    tenant_id: z.string().nullable(),
    /** To be entered in the Xero app before connecting. */
    redirect_uri: z.string(),
    /** The saved address is another one and is replaced when you save or connect: localhost on a public site, or another domain. */
    redirect_uri_shift: z.object({ from: z.string(), why: z.enum(['localhost', 'domain']) }).nullable(),
    credentials_saved: z.boolean(),
    source: z.enum(['database', 'environment', 'none']),
    client_id_last4: z.string().nullable(),
    webhook_key_saved: z.boolean(),
    scopes: z.array(z.string()),
    missing_scopes: z.array(z.string()),
    choice_needed: z.boolean(),
    disconnected_reason: z.string().nullable(),
    token_health: z
      .object({
        expires_at: instantText,
        refreshed_at: instantText,
        days_left: z.int(),
        connected_by: z.string().nullable(),
        connected_at: instantText,
      })
      .nullable(),
  })
  .meta({ id: 'XeroSettings' })

export const connectTicket = z.object({
  ticket: z.string(),
  /** Where to send the browser; good once, within expiresInSeconds. */
  url: z.string(),
  expiresInSeconds: z.int(),
})

export const xeroDisconnected = z.object({
  disconnected: z.boolean(),
  xero: xeroAuth.disconnect.answer.shape.xero,
  message: z.string(),
})

export const xeroOrganisations = xeroAuth.organisations.answer.meta({ id: 'XeroOrganisations' })
export const xeroOrganisation = xeroAuth.selectOrganisation.answer

/** What `?xero_error=` at the end of a consent can say. */
export const connectErrors = [...consentErrors, 'link_expired', 'credentials_missing'] as const
export type ConnectError = (typeof connectErrors)[number]
