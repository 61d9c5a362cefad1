import { z } from 'zod'
import { consentErrors, xeroAuth } from '../internal/xero-auth.js'
import { instantText } from '../text.js'
import { flagText, secretText } from './common.js'
import { endpoint, nothing } from './endpoint.js'

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

const described = { tag: 'Connection' } as const

export const xeroEndpoints = {
  createConnectTicket: endpoint({
    ...described,
    method: 'post',
    path: '/admin/xero/connect-ticket',
    summary: "A single-use link to Xero's consent page for this admin's browser",
    access: 'admin',
    audit: 'xero.connect-ticket',
    rate: 'auth',
    answers: { 200: connectTicket },
  }),
  beginConsent: endpoint({
    ...described,
    method: 'get',
    path: '/xero/auth',
    summary: "Sends the browser to Xero's consent page",
    access: 'public',
    rate: 'auth',
    query: z.strictObject({ ticket: z.string().regex(/^[\w-]{43}$/, 'is not a ticket') }),
    answers: { 302: nothing, 303: nothing },
  }),
  endConsent: endpoint({
    ...described,
    method: 'get',
    path: '/xero/callback',
    summary: 'Where Xero sends the browser back to',
    access: 'public',
    rate: 'auth',
    // The provider may add parameters of its own.
    query: z.record(z.string().max(100), z.string().max(4_000)),
    answers: { 302: nothing, 303: nothing },
  }),
  readXeroSettings: endpoint({
    ...described,
    method: 'get',
    path: '/admin/settings/xero/status',
    summary: 'Whether Xero is connected, to which organisation, and how long it lasts',
    access: 'reader',
    answers: { 200: xeroSettingsStatus },
  }),
  writeXeroSettings: endpoint({
    ...described,
    method: 'post',
    path: '/admin/settings/xero',
    summary: 'Save the client id and secret of your Xero app',
    access: 'admin',
    commanding: true,
    audit: 'settings.xero',
    body: xeroSettingsBody,
    query: forceQuery,
    answers: { 200: xeroSettingsStatus },
  }),
  deleteXeroSettings: endpoint({
    ...described,
    method: 'delete',
    path: '/admin/settings/xero',
    summary: 'Forget the credentials and the connection',
    access: 'admin',
    audit: 'settings.xero.delete',
    answers: { 200: xeroDisconnected },
  }),
  disconnectXero: endpoint({
    ...described,
    method: 'post',
    path: '/xero/disconnect',
    summary: 'End the connection, here and at Xero',
    access: 'admin',
    commanding: true,
    audit: 'xero.disconnect',
    answers: { 200: xeroDisconnected },
  }),
  listOrganisations: endpoint({
    ...described,
    method: 'get',
    path: '/admin/xero/organisations',
    summary: 'The organisations that the consent covers',
    access: 'reader',
    answers: { 200: xeroOrganisations },
  }),
  selectOrganisation: endpoint({
    ...described,
    method: 'post',
    path: '/admin/xero/organisations/:tenantId/select',
    summary: 'Work with this organisation',
    access: 'admin',
    commanding: true,
    audit: 'xero.select-organisation',
    params: z.strictObject({ tenantId: z.string().min(1).max(100) }),
    query: forceQuery,
    answers: { 200: xeroOrganisation },
  }),
} as const
