import { entry, type FailureEntry } from './entry.js'

/** AFO-5xx: payment status. */
export const payments = {
  'AFO-501': entry(
    'accountant',
    false,
    'The invoice is gone from Xero',
    'Xero no longer knows the invoice.',
    'Look for it in Xero. If it was removed on purpose, void it here: its hours can be billed anew.',
  ),
  'AFO-502': entry(
    'accountant',
    false,
    'The invoice differs in Xero',
    'It differs from what was sent: its number, contact, reference, date, currency or amounts. Both are shown; nothing is overwritten.',
    'Check the invoice in Xero. Changed back there, this line closes when it is read again: by a notice of Xero, else with the next payment poll.',
  ),
} as const satisfies Record<string, FailureEntry>
