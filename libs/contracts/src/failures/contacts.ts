import { entry, type FailureEntry } from './entry.js'

/** AFO-2xx: clients and contacts. */
export const contacts = {
  'AFO-201': entry(
    'office',
    false,
    'The client has no name',
    'Xero needs a name for every contact.',
    'Give the client a name.',
  ),
  'AFO-202': entry(
    'office',
    false,
    'The name is too long for Xero',
    'Xero takes at most 255 characters in a name. It was not cut, since that would change it.',
    'Shorten the name of the client.',
  ),
  'AFO-203': entry(
    'office',
    false,
    'Another contact in Xero has this name',
    'Xero wants every active contact to have a name of its own.',
    'Rename the client, or link it to the contact that has the name.',
  ),
  'AFO-204': entry(
    'office',
    false,
    'The e-mail address is not valid',
    'Xero did not take the e-mail address.',
    'Correct the e-mail address of the client.',
  ),
  'AFO-205': entry(
    'office',
    false,
    'The contact is archived in Xero',
    'Xero does not let archived contacts be changed.',
    'Restore the contact in Xero, or archive the client here.',
  ),
  'AFO-206': entry(
    'office',
    false,
    'A field does not fit Xero',
    'Xero limits the length or form of this field.',
    'Correct the field that is named.',
  ),
  'AFO-207': entry(
    'accountant',
    false,
    'Another contact in Xero has this account number',
    'Account numbers are unique in Xero.',
    'Give the client another account number.',
  ),
  'AFO-208': entry(
    'office',
    false,
    'A value from Xero does not fit here',
    'The table of clients here refuses what the contact has in Xero. The client stays as it was; the others go on.',
    'Correct the contact in Xero, or ask your operator to let the table take it.',
  ),
  'AFO-299': entry(
    'office',
    false,
    'Xero refused the contact',
    'Xero gave a reason that we have no better words for.',
    'Read what Xero said, correct the client or the contact, and try again.',
  ),
} as const satisfies Record<string, FailureEntry>
