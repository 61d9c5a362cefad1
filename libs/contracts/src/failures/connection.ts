import { entry, type FailureEntry } from './entry.js'

/** AFO-1xx: the connection to Xero. */
export const connection = {
  'AFO-101': entry(
    'office',
    false,
    'Xero is not connected',
    'The connection to Xero was removed or has expired.',
    'Open Settings > Xero and connect again. What waits goes on by itself.',
  ),
  'AFO-102': entry(
    'office',
    false,
    'Xero has not granted enough access',
    'The connection lacks a permission that this step needs.',
    'Open Settings > Xero, disconnect, and connect again, allowing everything that is asked for.',
  ),
  'AFO-103': entry(
    'office',
    false,
    'The connection to Xero is about to lapse',
    'Xero forgets a connection that nobody used for 60 days.',
    'Open Settings > Xero and connect again, or see that the services run: each use renews it.',
  ),
  'AFO-104': entry(
    'office',
    false,
    'Xero refused the client secret',
    'The secret that is saved is wrong, or was made anew at Xero. The connection itself is still there.',
    'Save the right one under Settings > Xero. What waits goes on by itself.',
  ),
} as const satisfies Record<string, FailureEntry>
