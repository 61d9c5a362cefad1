import { clean, seen } from '@afo/contacts'
import type { ContactFacts, Difference, SeenContact, Settings } from '@afo/contracts'
import { syncedFields } from '@afo/contracts'
import type { XeroContact } from '@afo/xero'
import { type Compared, field, type Subject, whole } from './difference.js'

type Rules = Pick<Settings<'sync'>, 'contactsToXero' | 'contactsFromXero' | 'unknownContacts' | 'archiveInXero'>
type Client = NonNullable<ContactFacts['client']>

/** A page of Xero's contacts beside our clients. */
export function compareContacts(
  contacts: readonly XeroContact[],
  facts: readonly ContactFacts[],
  rules: Rules,
): Compared {
  const ours = new Map(facts.map((fact) => [fact.xeroId, fact]))
  const compared = contacts.map((contact) => {
    const fact = ours.get(contact.contactID)
    return fact?.client
      ? { seen: [fact.client.id], differences: linked(seen(contact), fact.client, rules) }
      : { seen: [], differences: fact ? stranger(seen(contact), fact, rules) : [] }
  })
  return { seen: compared.flatMap((c) => c.seen), differences: compared.flatMap((c) => c.differences) }
}

function linked(theirs: SeenContact, client: Client, rules: Rules): Difference[] {
  const ours = clean(client.fields)
  const name = ours.name ?? ''
  const subject: Subject = { entity: 'contact', ourId: client.id, xeroId: theirs.contactId, name }
  if (theirs.mergedTo !== null)
    return [whole(subject, 'orphan', 'Was merged into another contact in Xero. The next sync follows it.')]
  const verdict = verdictOf(client, rules)
  return syncedFields
    .filter((name) => name !== 'archived' || rules.archiveInXero || theirs.fields.archived !== null)
    .flatMap((name) => field(subject, name, ours[name], theirs.fields[name], verdict))
}

function verdictOf({ changed, standing }: Client, { contactsToXero, contactsFromXero }: Rules): string {
  if (standing === 'asked') return 'Changed on both sides: somebody has to choose (Conflicts).'
  if (standing === 'failed') return 'It could not be sent: the failed inbox says why.'
  if (changed)
    return contactsToXero
      ? 'Changed here: the next sync sends it.'
      : 'Changed here, and sending to Xero is switched off in the settings.'
  return contactsFromXero
    ? 'Changed in Xero: the next sync takes it over.'
    : 'Changed in Xero, and taking over from it is switched off in the settings.'
}

/** A contact that no client is linked to. Only what bears a number of ours, or should have become a client, is worth telling. */
function stranger(theirs: SeenContact, { numbered, known }: ContactFacts, { unknownContacts }: Rules): Difference[] {
  if (theirs.status !== 'ACTIVE' || known) return []
  const subject: Subject = { entity: 'contact', ourId: null, xeroId: theirs.contactId, name: theirs.fields.name ?? '' }
  if (numbered === 'gone')
    return [whole(subject, 'orphan', 'Its client was deleted here. Archive it in Xero if nobody needs it.')]
  if (numbered === 'client')
    return [whole(subject, 'orphan', 'Bears the number of a client that is linked to another contact.')]
  return theirs.isCustomer && unknownContacts !== 'ignore'
    ? [whole(subject, 'missing-here', 'A customer in Xero that no client here stands for.')]
    : []
}
