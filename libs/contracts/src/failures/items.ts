import { entry, type FailureEntry } from './entry.js'

/** AFO-3xx: items and activity types. */
export const items = {
  'AFO-399': entry(
    'accountant',
    false,
    'An item can not be taken over',
    'The item from Xero does not fit an activity type.',
    'Read the reason, correct the item in Xero, and import again.',
  ),
} as const satisfies Record<string, FailureEntry>
