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
  'AFO-604': entry(
    'operator',
    true,
    'A run was refused',
    'Xero or the database refused what the run asked for.',
    'Read the reason. Run it again when the cause is gone.',
  ),
  'AFO-605': entry(
    'office',
    false,
    'This part of the sync is switched off',
    'A setting says that it is not to be done.',
    'Switch it on in Settings > What is synced, then ask again.',
  ),
  'AFO-606': entry(
    'office',
    false,
    'A service is paused',
    'Somebody has paused it. What comes in waits.',
    'Resume it when the reason is gone.',
  ),
  'AFO-607': entry(
    'operator',
    false,
    'A service does not take up its work',
    'Work that is due has not begun.',
    'See that the service runs and is ready (its /ready says what is missing).',
  ),
  'AFO-608': entry(
    'operator',
    true,
    'Redis does not answer',
    'Commands are kept in the database and published when Redis is back.',
    'See that Redis runs. Nothing is lost meanwhile.',
  ),
  'AFO-621': entry(
    'operator',
    false,
    'Comparing the books would cost too many calls',
    'Xero has so many contacts or invoices that one report would use more of the day than it may.',
    'Archive what nobody needs in Xero, or look at single records instead.',
  ),
  'AFO-699': entry(
    'operator',
    true,
    'Something went wrong on our side',
    'An unexpected error; the details are in the log.',
    'Try again. If it stays, give the operator the request id.',
  ),
} as const satisfies Record<string, FailureEntry>
