import type { ServiceRig } from '@afo/testing'
import fc from 'fast-check'
import { addClients, books, client, editClient } from '../company.js'
import { blank, type Field, fields, type Model, type Pair, settle } from './model.js'

type Step = fc.AsyncCommand<Model, ServiceRig>

const pairAt = (model: Model, nth: number): Pair | undefined => model.pairs[nth % Math.max(1, model.pairs.length)]

/** A step on one pair that has to exist, and pass `fits`. */
function onPair(
  name: string,
  nth: number,
  fits: (pair: Pair) => boolean,
  run: (pair: Pair, rig: ServiceRig, model: Model) => Promise<void>,
): Step {
  return {
    check: (model) => {
      const pair = pairAt(model, nth)
      return pair !== undefined && fits(pair)
    },
    run: async (model, rig) => {
      model.steps++
      const pair = pairAt(model, nth)
      if (pair) await run(pair, rig, model)
    },
    toString: () => name,
  }
}

const step = (name: string, run: (model: Model, rig: ServiceRig) => Promise<void>): Step => ({
  check: () => true,
  run: async (model, rig) => {
    model.steps++
    await run(model, rig)
  },
  toString: () => name,
})

const linked = (pair: Pair) => pair.contactId !== null
const editable = (pair: Pair) => linked(pair) && !pair.archived

const inXero = (field: Field, value: string | null): Readonly<Record<string, unknown>> => {
  if (field === 'first_name') return { FirstName: value ?? '' }
  if (field === 'last_name') return { LastName: value ?? '' }
  if (field === 'phone') return { Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: value ?? '' }] }
  return { Addresses: [{ AddressType: 'STREET', City: value ?? '' }] }
}
const person = (rig: ServiceRig) => rig.xero.control.person()

const addClient = () =>
  step('a client is added', async (model, rig) => {
    const [clientId = ''] = await addClients(rig, [{}])
    model.pairs.push({ clientId, contactId: null, base: blank(), ours: blank(), theirs: blank(), archived: false })
  })

const editOurs = (nth: number, field: Field, value: string | null) =>
  onPair(
    `our ${field} of ${nth} becomes ${value}`,
    nth,
    () => true,
    async (pair, rig) => {
      await editClient(rig, pair.clientId, { [field]: value })
      pair.ours[field] = value
    },
  )

const editTheirs = (nth: number, field: Field, value: string | null) =>
  onPair(`Xero's ${field} of ${nth} becomes ${value}`, nth, editable, async (pair, rig) => {
    person(rig).editContact(pair.contactId ?? '', inXero(field, value))
    pair.theirs[field] = value
  })

const archive = (nth: number) =>
  onPair(`${nth} is archived in Xero`, nth, editable, async (pair, rig) => {
    person(rig).archiveContact(pair.contactId ?? '')
    pair.archived = true
  })

const restore = (nth: number) =>
  onPair(
    `${nth} is restored in Xero`,
    nth,
    (pair) => linked(pair) && pair.archived,
    async (pair, rig) => {
      person(rig).restoreContact(pair.contactId ?? '')
      pair.archived = false
    },
  )

const mergeAway = (nth: number, value: string | null) =>
  onPair(`${nth} is merged into a contact with the city ${value}`, nth, editable, async (pair, rig, model) => {
    const into = person(rig).createContact({ Name: `Merged ${crypto.randomUUID()}`, ...inXero('city', value) })
    person(rig).mergeContact(pair.contactId ?? '', into.ContactID)
    Object.assign(pair.theirs, blank(), { city: value })
    pair.contactId = into.ContactID
    model.strangers++
  })

const faults = [
  'reset-after-commit',
  'reset-before',
  'error-503',
  'error-500-after-commit',
  'garbage-200-after-commit',
] as const
const faulted = (kind: (typeof faults)[number], method: 'PUT' | 'POST') =>
  step(`the next ${method} ends in ${kind}`, async (_, rig) => {
    rig.xero.control.addFault({ kind, match: { method, path: '/Contacts' } })
  })

const clockJump = (minutes: number) =>
  step(`the clock of Xero goes ${minutes} minutes on`, async (_, rig) => {
    rig.xero.control.moveClock({ advanceMs: minutes * 60_000 })
  })

const webhook = (nth: number, times: number) =>
  onPair(`${times} webhooks of ${nth}`, nth, linked, async (pair, rig) => {
    for (let i = 0; i < times; i++) {
      const body = { contactIds: [pair.contactId ?? ''] }
      await rig.send({ id: crypto.randomUUID(), name: 'contacts.pull', key: `${nth}`, body })
    }
    await rig.until('the webhooks to be handled', async () =>
      (await rig.bus.figures()).every(
        (f) => f.stream !== 'commands.contact-sync' || (f.pending === 0 && f.length === 0 && f.delayed === 0),
      ),
    )
    settle(pair)
  })

/** A sync, after which each pair has to be as the model says. */
export const sync = (): Step =>
  step('sync', async (model, rig) => {
    await syncAll(model, rig)
  })

export async function syncAll(model: Model, rig: ServiceRig): Promise<void> {
  const ended = await rig.run('contacts.sync')
  if (ended.state !== 'done') throw new Error(`the sync ended ${ended.state}: ${JSON.stringify(ended.problem)}`)
  for (const pair of model.pairs) {
    const row = await client(rig, pair.clientId)
    pair.contactId ??= row.xero_contact_id ?? null
    if (pair.contactId === null) throw new Error(`${pair.clientId} has no contact`)
    if (row.xero_contact_id !== pair.contactId) throw new Error(`${pair.clientId} is linked elsewhere`)
    settle(pair)
  }
}

/** What Xero holds of a contact, in the model's terms. */
export function theirsOf(rig: ServiceRig, contactId: string) {
  const contact = books(rig).contacts.get(contactId)
  return {
    first_name: contact?.FirstName || null,
    last_name: contact?.LastName || null,
    phone: contact?.Phones.DEFAULT?.PhoneNumber || null,
    city: contact?.Addresses.STREET?.City || null,
  }
}

const nth = fc.nat(4)
const field = fc.constantFrom<Field>(...fields)
const value = fc.constantFrom(null, 'a', 'b', 'c')
const kind = fc.constantFrom(...faults)

/** Histories: both sides edited in any order, with everything that can go wrong on the way. */
export const histories = (maxCommands: number) =>
  fc.commands(
    [
      fc.constant(null).map(addClient),
      fc.tuple(nth, field, value).map(([n, f, v]) => editOurs(n, f, v)),
      fc.tuple(nth, field, value).map(([n, f, v]) => editTheirs(n, f, v)),
      fc.constant(null).map(sync),
      nth.map(archive),
      nth.map(restore),
      fc.tuple(nth, value).map(([n, v]) => mergeAway(n, v)),
      fc.tuple(kind, fc.constantFrom<'PUT' | 'POST'>('PUT', 'POST')).map(([k, m]) => faulted(k, m)),
      fc.constantFrom(1, 15, 1_440).map(clockJump),
      fc.tuple(nth, fc.constantFrom(1, 2)).map(([n, t]) => webhook(n, t)),
    ],
    { maxCommands, size: 'max' },
  )
