import { entry, type FailureEntry } from './entry.js'

/** AFO-6xx: quota and platform. */
export const platform = {
  'AFO-601': entry(
    'operator',
    true,
    "Xero's daily limit is nearly used up",
    'What is left is kept for people. Background work waits for the reset.',
    'Wait for the reset, or ask Xero for a higher tier.',
  ),
  'AFO-602': entry(
    'operator',
    true,
    'Xero does not answer',
    'Xero is down, slow, or the network is.',
    'Nothing: it is tried again by itself.',
  ),
  'AFO-603': entry(
    'operator',
    false,
    'A message could not be handled',
    'A message on a stream could not be read, or its handling failed too often.',
    'Look at the dead letters; redrive them when the cause is gone.',
  ),
  'AFO-699': entry(
    'operator',
    true,
    'Something went wrong on our side',
    'An unexpected error; the details are in the log.',
    'Try again. If it stays, give the operator the request id.',
  ),
} as const satisfies Record<string, FailureEntry>
