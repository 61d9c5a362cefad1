import { type AlertSecret, xeroAuth } from '@afo/contracts'
import type { InternalClient } from '@afo/kit'
import { z } from 'zod'
import { type SettledRedirectUri, settleRedirectUri } from '../core/redirect-uri.js'
import type { RequestContext } from '../ports.js'

type Body<K extends keyof typeof xeroAuth> = (typeof xeroAuth)[K] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : never

const none = z.undefined()

/** xero-auth as the gateway's routes speak to it. Throws the AppErrors that xero-auth answered, `unavailable` when it doesn't answer. */
export const xeroAuthClient = ({ xeroAuth: client }: RequestContext) => ({
  connection: () => client.call('GET', '/connection', xeroAuth.connection.answer),
  saveCredentials: (body: Body<'saveCredentials'>) => client.call('PUT', '/credentials', none, { body }),
  deleteCredentials: (body: Body<'deleteCredentials'>) =>
    client.call('DELETE', '/credentials', xeroAuth.disconnect.answer, { body }),
  authorize: (body: Body<'authorize'>) => client.call('POST', '/authorize', xeroAuth.authorize.answer, { body }),
  callback: (body: Body<'callback'>) => client.call('POST', '/callback', xeroAuth.callback.answer, { body }),
  disconnect: (body: Body<'disconnect'>) => client.call('POST', '/disconnect', xeroAuth.disconnect.answer, { body }),
  organisations: () => client.call('GET', '/organisations', xeroAuth.organisations.answer),
  selectOrganisation: (body: Body<'selectOrganisation'>) =>
    client.call('POST', '/organisations/select', xeroAuth.selectOrganisation.answer, { body }),
})

/** The redirect URI for this request's public origin; a shift from the saved one is logged where it is about to be saved. */
export function redirectUriFor(ctx: RequestContext, saved: string | null, saving: boolean): SettledRedirectUri {
  const settled = settleRedirectUri(saved, ctx.origin)
  if (saving && settled.shift) ctx.log.warn({ saved, ...settled }, 'the redirect URI has shifted and is saved anew')
  return settled
}

/** The alerts' secrets, which xero-auth keeps in the vault. */
export const alertSecretsOf = (client: InternalClient) => ({
  read: () => client.call('GET', '/secrets', xeroAuth.secrets.answer),
  save: (body: Partial<Record<AlertSecret, string | null>>) => client.call('PUT', '/secrets', none, { body }),
})
