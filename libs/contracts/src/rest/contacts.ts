import { z } from 'zod'
import {
  candidate,
  clientFields,
  conflictRow,
  conflictsAnswered,
  openMatch,
  plannedClient,
  seenContact,
  someFields,
  unknownContact,
} from '../rpc/contacts.js'
import { id, instantText } from '../text.js'
import { accepted, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'
import { failureView } from './failures.js'
import { clientView } from './lists.js'

const maybe = z.string().nullable()
/** What a write to Xero needs and nobody reads. */
const inner = { phones: true, addresses: true, paymentTerms: true } as const

/** A contact of Xero's as it was last seen. */
export const contactView = seenContact.omit(inner).meta({ id: 'Contact' })

/** A client whose contact a person has to find, beside those that it may be. */
export const matchView = openMatch
  .extend({ candidates: z.array(candidate.omit(inner).extend({ linkedToName: maybe })) })
  .meta({ id: 'Match' })
export const matchesPage = page(matchView)

/** One field that both sides changed differently. */
export const conflictView = conflictRow.meta({ id: 'Conflict' })
export const conflictsPage = page(conflictView)
export const conflictsQuery = listQuery(['openedAt', 'clientName'], {
  state: conflictRow.shape.state.optional().describe('open unless told'),
  clientId: id.optional(),
})

export const planView = plannedClient.meta({ id: 'PlannedClient' })
/** `commandId`: the dry run that these rows are of, null where none was made. `madeAt` is null until it ends well. */
export const planPage = page(planView).extend({ commandId: id.nullable(), madeAt: instantText.nullable() })

export const unknownContactsPage = page(unknownContact)

/** One client side by side: ours, Xero's as last seen, what both last agreed on, and what waits for a person. */
export const clientDetail = clientView
  .extend({
    ours: clientFields,
    xero: contactView.nullable(),
    agreed: someFields,
    match: matchView.nullable(),
    conflicts: z.array(conflictView),
    failures: z.array(failureView),
  })
  .meta({ id: 'ClientDetail' })

const single = (body: Readonly<Record<string, unknown>>) =>
  Object.values(body).filter((value) => value !== undefined).length === 1

export const matchAnswerBody = z
  .strictObject({
    contactId: id.optional().describe('It is this contact'),
    create: z.literal(true).optional().describe('It is none of them: create one'),
  })
  .meta({ examples: [{ create: true }] })
  .refine(single, { path: ['contactId'], error: 'or create has to be given, and not both' })
export const matchAnswered = z.object({ clientId: id, contactId: id.nullable() })

export const unknownAnswerBody = z
  .strictObject({
    clientId: id.optional().describe('It is this client'),
    create: z.literal(true).optional().describe('Create a client of it'),
    ignore: z.literal(true).optional().describe('It needs no client'),
  })
  .meta({ examples: [{ ignore: true }] })
  .refine(single, { path: ['clientId'], error: 'create or ignore has to be given, and only one of them' })
export const unknownAnswered = z.object({ contactId: id, clientId: id.nullable() })

const choice = conflictRow.shape.choice.unwrap()
const ids = z.array(id).min(1).max(500)

const described = { tag: 'Contacts' } as const
const reading = { ...described, method: 'get', access: 'reader' } as const
const answering = { ...described, method: 'post', access: 'admin', commanding: true } as const
const one = z.strictObject({ id })

export const contactEndpoints = {
  readClient: endpoint({
    ...reading,
    path: '/admin/clients/:id',
    summary: "One client side by side: ours, Xero's as last seen, last agreed, and what is open about it",
    params: one,
    answers: { 200: clientDetail },
  }),
  listMatches: endpoint({
    ...reading,
    path: '/admin/xero/matches',
    summary: 'Clients whose contact a person has to find, beside the candidates',
    query: listQuery(['openedAt', 'name']),
    answers: { 200: matchesPage },
  }),
  answerMatch: endpoint({
    ...answering,
    path: '/admin/xero/matches/:clientId',
    summary: 'Say which contact a client is, or that a new one has to be created; also to link it anew',
    audit: 'xero.matches.answer',
    params: z.strictObject({ clientId: id }),
    body: matchAnswerBody,
    answers: { 200: matchAnswered },
  }),
  listConflicts: endpoint({
    ...reading,
    path: '/admin/xero/conflicts',
    summary: 'Fields that both sides changed differently',
    query: conflictsQuery,
    answers: { 200: conflictsPage },
  }),
  resolveConflicts: endpoint({
    ...answering,
    path: '/admin/xero/conflicts/resolve',
    summary: 'Settle many conflicts for one side',
    audit: 'xero.conflicts.resolve',
    body: z.strictObject({ ids, choice }),
    answers: { 200: conflictsAnswered },
  }),
  undoConflicts: endpoint({
    ...answering,
    path: '/admin/xero/conflicts/undo',
    summary: 'Take many answers back: the value that lost becomes the value of both sides',
    audit: 'xero.conflicts.undo',
    body: z.strictObject({ ids }),
    answers: { 200: conflictsAnswered },
  }),
  resolveConflict: endpoint({
    ...answering,
    path: '/admin/xero/conflicts/:id/resolve',
    summary: 'Settle a conflict for one side',
    audit: 'xero.conflicts.resolve',
    params: one,
    body: z.strictObject({ choice }),
    answers: { 200: conflictsAnswered },
  }),
  undoConflict: endpoint({
    ...answering,
    path: '/admin/xero/conflicts/:id/undo',
    summary:
      'Take an answer back: the value that lost becomes the value of both sides. Refused where it was edited since',
    audit: 'xero.conflicts.undo',
    params: one,
    answers: { 200: conflictsAnswered },
  }),
  readContactPlan: endpoint({
    ...reading,
    path: '/admin/xero/contacts/plan',
    summary: 'The latest dry run: whom a sync would link, create, ask about, change or refuse, field by field',
    query: listQuery(['name'], { action: plannedClient.shape.action.optional() }),
    answers: { 200: planPage },
  }),
  makeContactPlan: endpoint({
    ...answering,
    path: '/admin/xero/contacts/plan',
    summary: 'Make a dry run of the contact sync; nothing is written to either side',
    audit: 'xero.contacts.plan',
    answers: { 202: accepted },
  }),
  listUnknownContacts: endpoint({
    ...reading,
    path: '/admin/xero/contacts/unknown',
    summary: 'Active contacts in Xero that no client is',
    query: listQuery(['name']),
    answers: { 200: unknownContactsPage },
  }),
  answerUnknownContact: endpoint({
    ...answering,
    path: '/admin/xero/contacts/unknown/:contactId',
    summary: 'Say which client a contact is, create a client of it, or leave it alone',
    audit: 'xero.contacts.answer',
    params: z.strictObject({ contactId: id }),
    body: unknownAnswerBody,
    answers: { 200: unknownAnswered },
  }),
} as const
