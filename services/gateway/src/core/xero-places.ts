import type { ConsoleConfig } from '@afo/contracts'

const realLogin = 'https://login.xero.com'
const realPlaces = { apps: 'https://developer.xero.com/app/manage', office: 'https://go.xero.com', standIn: false }

/** Where a person finds the keys of the Xero app and the documents in Xero; a stand-in for Xero has both at its own address. */
export function xeroPlaces(loginUrl: string): ConsoleConfig['xero'] {
  const base = loginUrl.replace(/\/$/, '')
  return base === realLogin ? realPlaces : { apps: `${base}/`, office: base, standIn: true }
}
