import type { ConsentError } from '@afo/contracts'

const known: Readonly<Record<string, ConsentError>> = {
  access_denied: 'access_denied',
  invalid_scope: 'invalid_scope',
  unauthorized_client: 'unauthorized_client',
  invalid_client: 'credentials_refused',
  invalid_request: 'invalid_request',
  server_error: 'unavailable',
  temporarily_unavailable: 'unavailable',
  no_refresh_token: 'no_refresh_token',
  refused: 'expired_code',
  credentials: 'credentials_refused',
  unavailable: 'unavailable',
}

/** What ended a consent, by the provider's OAuth error, else by what kind of answer the exchange got. The provider's own text goes no further. */
export const consentError = (error: string, kind = ''): ConsentError =>
  [error, kind].map((key) => (Object.hasOwn(known, key) ? known[key] : undefined)).find((code) => code) ?? 'failed'
