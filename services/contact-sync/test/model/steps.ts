import type { ServiceRig } from '@afo/testing'
import fc from 'fast-check'
import { addClients, books, editClient } from '../company.js'
import type { Company } from './company.js'
import { type Field, fields, type History, merged, newPair, type Pair, takenName } from './model.js'

/** What somebody does on one side, within one history. */
export interface Step {
  run(history: History, company: Company): Promise<void>
  toString(): string
}

const step = (name: string, run: Step['run']): Step => ({
  run: async (history, company) => {
    history.steps++
    await run(history, company)
  },
  toString: () => name,
})

/** A step on one pair; nothing happens where there is none, or it doesn't fit. */
const onPair = (
  name: string,
  nth: number,
  fits: (pair: Pair) => boolean,
  run: (pair: Pair, company: Company) => Promise<void>,
): Step =>
  step(`${name} (${nth})`, async ({ pairs }, company) => {
    const pair = pairs[nth % Math.max(1, pairs.length)]
    if (pair && fits(pair)) await run(pair, company)
  })

const linked = (pair: Pair) => pair.contactId !== null
const editable = (pair: Pair) => linked(pair) && !pair.archived

/** A value of a field; of names, one that nobody else has. */
const valued = (field: Field, value: string | null, { clientId }: Pair) =>
  field === 'name' ? `${value ?? 'Client'} ${clientId}` : value

const inXero = (field: Field, value: string | null): Readonly<Record<string, unknown>> => {
  if (field === 'name') return { Name: value }
  if (field === 'first_name') return { FirstName: value ?? '' }
  if (field === 'last_name') return { LastName: value ?? '' }
  if (field === 'phone') return { Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: value ?? '' }] }
  return { Addresses: [{ AddressType: 'STREET', City: value ?? '' }] }
}
export const person = (rig: ServiceRig) => rig.xero.control.person()

const addClient = step('a client is added', async ({ pairs }, { rig }) => {
  const id = crypto.randomUUID()
  await addClients(rig, [{ id, name: `Client ${id}` }])
  pairs.push(newPair(id, `Client ${id}`))
})

const editOurs = (nth: number, field: Field, value: string | null) =>
  onPair(
    `our ${field} becomes ${value}`,
    nth,
    () => true,
    async (pair, { rig }) => {
      const now = valued(field, value, pair)
      await editClient(rig, pair.clientId, { [field]: now })
      pair.ours[field] = now
    },
  )

const takeName = (nth: number) =>
  onPair('our name becomes one that is taken', nth, linked, async (pair, { rig }) => {
    await editClient(rig, pair.clientId, { name: takenName })
    pair.ours.name = takenName
  })

const editTheirs = (nth: number, field: Field, value: string | null) =>
  onPair(`Xero's ${field} becomes ${value}`, nth, editable, async (pair, { rig }) => {
    const now = valued(field, value, pair)
    person(rig).editContact(pair.contactId ?? '', inXero(field, now))
    pair.theirs[field] = now
  })

const archive = (nth: number) =>
  onPair('archived in Xero', nth, editable, async (pair, { rig }) => {
    person(rig).archiveContact(pair.contactId ?? '')
    pair.archived = true
  })

const restore = (nth: number) =>
  onPair(
    'restored in Xero',
    nth,
    (pair) => linked(pair) && pair.archived,
    async (pair, { rig }) => {
      person(rig).restoreContact(pair.contactId ?? '')
      pair.archived = false
    },
  )

const mergeAway = (nth: number, city: string | null) =>
  onPair(`merged into a contact with the city ${city}`, nth, editable, async (pair, company) => {
    const name = `Merged ${crypto.randomUUID()}`
    const into = person(company.rig).createContact({ Name: name, ...inXero('city', city) })
    person(company.rig).mergeContact(pair.contactId ?? '', into.ContactID)
    merged(pair, into.ContactID, name, city)
    company.strangers++
  })

const webhook = (nth: number, times: number) =>
  onPair(`${times} webhooks`, nth, linked, async (pair, company) => {
    for (let i = 0; i < times; i++) {
      // Of a merge, Xero tells for each contact that it changed.
      const body = { contactIds: [pair.contactId ?? '', ...pair.former] }
      await company.rig.send({ id: crypto.randomUUID(), name: 'contacts.pull', key: `${nth}`, body })
    }
    company.told.add(pair)
  })

/** What Xero holds of a contact, in the model's terms. */
export function theirsOf(rig: ServiceRig, contactId: string) {
  const contact = books(rig).contacts.get(contactId)
  return {
    name: contact?.Name ?? null,
    first_name: contact?.FirstName || null,
    last_name: contact?.LastName || null,
    phone: contact?.Phones.DEFAULT?.PhoneNumber || null,
    city: contact?.Addresses.STREET?.City || null,
  }
}

const nth = fc.nat(4)
const field = fc.constantFrom<Field>(...fields)
const value = fc.constantFrom(null, 'a', 'b', 'c')

/** One thing that somebody does. */
export const someStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(addClient),
  fc.tuple(nth, field, value).map(([n, f, v]) => editOurs(n, f, v)),
  fc.tuple(nth, field, value).map(([n, f, v]) => editTheirs(n, f, v)),
  nth.map(takeName),
  nth.map(archive),
  nth.map(restore),
  fc.tuple(nth, value).map(([n, v]) => mergeAway(n, v)),
  fc.tuple(nth, fc.constantFrom(1, 2)).map(([n, t]) => webhook(n, t)),
)
