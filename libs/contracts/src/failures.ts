/** Who can do something about a failure. */
export type FailureOwner = 'office' | 'accountant' | 'operator'

export interface FailureEntry {
  readonly title: string
  readonly meaning: string
  readonly remedy: string
  /** Trying again without a change can help. */
  readonly retryable: boolean
  readonly owner: FailureOwner
}

const entry = (
  owner: FailureOwner,
  retryable: boolean,
  title: string,
  meaning: string,
  remedy: string,
): FailureEntry => ({
  title,
  meaning,
  remedy,
  retryable,
  owner,
})

/** Every failure we can meet: numbered, stable, in plain words. 1xx connection, 2xx contacts, 3xx items, 4xx invoices, 5xx payments, 6xx quota and platform. */
export const failures = {
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
  'AFO-299': entry(
    'office',
    false,
    'Xero refused the contact',
    'Xero gave a reason that we have no better words for.',
    'Read what Xero said, correct the client or the contact, and try again.',
  ),
  'AFO-399': entry(
    'accountant',
    false,
    'An item can not be taken over',
    'The item from Xero does not fit an activity type.',
    'Read the reason, correct the item in Xero, and import again.',
  ),
  'AFO-401': entry(
    'office',
    true,
    'The client has no contact in Xero yet',
    'An invoice needs a contact. The client is being sent to Xero first.',
    'Nothing, unless the client is itself in the failed list or waits for a match.',
  ),
  'AFO-402': entry(
    'office',
    false,
    'The contact is archived in Xero',
    'Xero does not take invoices for archived contacts.',
    'Restore the contact in Xero, then try again.',
  ),
  'AFO-403': entry(
    'office',
    false,
    'No purchase order',
    'The cost centre has no purchase order number.',
    'Enter the number, or overrule this once.',
  ),
  'AFO-404': entry(
    'office',
    false,
    'The purchase order has expired',
    'The order ended before the work was done or billed.',
    'Ask the customer for a new order, or overrule this once.',
  ),
  'AFO-405': entry(
    'office',
    false,
    'The purchase order is overspent',
    'With this invoice the order would be exceeded.',
    'Ask the customer for a higher order, or overrule this once.',
  ),
  'AFO-406': entry(
    'office',
    false,
    'An activity has no rate',
    'Neither the timesheet nor its activity type has a rate.',
    'Set a rate in Xero on the item, or on the timesheet.',
  ),
  'AFO-407': entry(
    'accountant',
    false,
    'No account to book to',
    'The item has no sales account and no default is chosen.',
    'Choose a default account in Settings > Invoicing, or set one on the item in Xero.',
  ),
  'AFO-408': entry(
    'accountant',
    false,
    'The account can not be used',
    'The account is archived, missing, or not a revenue account.',
    'Choose another account for the item in Xero or as the default.',
  ),
  'AFO-409': entry(
    'accountant',
    false,
    'The tax rate can not be used',
    'The tax rate is missing, archived, or does not fit the account.',
    'Choose another tax rate for the item in Xero or as the default.',
  ),
  'AFO-410': entry(
    'accountant',
    false,
    'The period is locked',
    'Xero does not take documents dated on or before the lock date.',
    'Ask the accountant to move the lock date, or use a later date.',
  ),
  'AFO-411': entry(
    'accountant',
    false,
    'The currency is not available',
    'The organisation is not subscribed to this currency.',
    'Add the currency in Xero.',
  ),
  'AFO-412': entry(
    'office',
    false,
    'Timesheets still wait for approval',
    'In the period there are submitted timesheets that are not approved.',
    'Approve or reject them first, or overrule this once.',
  ),
  'AFO-413': entry(
    'office',
    false,
    'Nothing to bill',
    'There are no approved, unbilled timesheets in the period.',
    'Nothing to do.',
  ),
  'AFO-414': entry(
    'office',
    false,
    'The hours can not be billed',
    'A timesheet has no hours, negative hours, or no date.',
    'Correct the timesheet that is named.',
  ),
  'AFO-415': entry(
    'accountant',
    false,
    'The invoice number is taken by another document',
    'Xero already has a different invoice under this number.',
    'Look at that invoice in Xero; if it is not ours, change the number series in Settings > Invoicing.',
  ),
  'AFO-416': entry(
    'office',
    true,
    'We can not tell yet whether Xero has the invoice',
    'The answer was lost. Nothing is sent again before Xero was asked.',
    'Nothing: it is looked up by itself. It is never sent twice.',
  ),
  'AFO-417': entry(
    'office',
    false,
    'The client waits for a match',
    'Several contacts in Xero could be this client.',
    'Choose the right one under Inbox > Matches. The invoice goes on by itself.',
  ),
  'AFO-418': entry(
    'office',
    false,
    'The client can not be sent to Xero',
    'The client is itself in the failed list.',
    'Correct the client first. The invoice goes on by itself.',
  ),
  'AFO-419': entry(
    'accountant',
    false,
    'The tracking option can not be used',
    "The cost centre names a tracking option that is not among Xero's active ones.",
    'Choose another tracking option for the cost centre, or restore it in Xero.',
  ),
  'AFO-420': entry(
    'accountant',
    false,
    'The history note was refused',
    'The invoice is in Xero, but Xero did not take the note that says where it came from.',
    'Nothing needs doing for the money; write the note in Xero by hand if it is wanted.',
  ),
  'AFO-499': entry(
    'accountant',
    false,
    'Xero refused the invoice',
    'Xero gave a reason that we have no better words for.',
    'Read what Xero said, correct the cause, and try again.',
  ),
  'AFO-501': entry(
    'accountant',
    false,
    'The invoice is gone from Xero',
    'Xero no longer knows the invoice.',
    'Look for it in Xero. If it was removed on purpose, its hours can be billed anew.',
  ),
  'AFO-502': entry(
    'accountant',
    false,
    'The invoice was changed in Xero',
    'Its total differs from what was sent. It is shown as it is in Xero and not overwritten.',
    'Check the invoice in Xero.',
  ),
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

export type FailureCode = keyof typeof failures

export const failureCodes = Object.keys(failures) as FailureCode[]
