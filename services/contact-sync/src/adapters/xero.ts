import {
  type ContactWrite,
  type ElementResult,
  expectOk,
  type Outcome,
  type XeroApi,
  type XeroContact,
} from '@afo/xero'
import type { Call } from '../ports.js'

/** Greatest number of ids that one call takes. */
const idsAtOnce = 40

type Results = readonly ElementResult<XeroContact>[]

export type Contacts = ReturnType<typeof createContacts>

/** Xero's contacts. Everything throws AppError for what Xero or the way to it did. */
export function createContacts(xero: XeroApi) {
  return {
    calledFor: xero.calledFor,
    page: async ({ since, page }: { since: string | null; page: number }, options: Call) =>
      expectOk(
        await xero.contacts.list(
          {
            page,
            pageSize: 1000,
            includeArchived: true,
            order: 'UpdatedDateUTC DESC',
            ...(since === null ? {} : { modifiedSince: since }),
          },
          options,
        ),
      ),
    byIds: async (ids: readonly string[], options: Call) => {
      const found: XeroContact[] = []
      for (let i = 0; i < ids.length; i += idsAtOnce) {
        const some = ids.slice(i, i + idsAtOnce)
        const page = await xero.contacts.list({ ids: some, pageSize: idsAtOnce, includeArchived: true }, options)
        found.push(...expectOk(page).items)
      }
      return found
    },
    /** Every contact whose number is this client's: its id, with "-2" and so on where a contact that can't be used has that. */
    ofClient: async (clientId: string, options: Call) => {
      const query = { searchTerm: clientId, page: 1, pageSize: 100, includeArchived: true }
      const { items } = expectOk(await xero.contacts.list(query, options))
      return items.filter(({ contactNumber }) => contactNumber?.toLowerCase().startsWith(clientId.toLowerCase()))
    },
    create: (contacts: readonly ContactWrite[], options: Call) =>
      whole(contacts, (some) => xero.contacts.create(some, options)),
    update: (contacts: readonly ContactWrite[], options: Call) =>
      whole(contacts, (some) => xero.contacts.upsert(some, options)),
  }
}

/** A batch that Xero refuses as a whole (one id that it doesn't know is enough) is halved until the bad element stands alone. */
async function whole(
  contacts: readonly ContactWrite[],
  write: (some: readonly ContactWrite[]) => Promise<Outcome<Results>>,
): Promise<Results> {
  const outcome = await write(contacts)
  if (outcome.kind !== 'rejected' || (outcome.status !== 400 && outcome.status !== 404)) return expectOk(outcome)
  if (contacts.length === 1) return [{ ok: false, messages: [outcome.problem.message] }]
  const middle = Math.ceil(contacts.length / 2)
  return [...(await whole(contacts.slice(0, middle), write)), ...(await whole(contacts.slice(middle), write))]
}
