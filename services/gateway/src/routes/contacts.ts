import { explained } from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'

import type { Handlers, SignedIn } from '../ports.js'
import { ask } from './commands.js'

/** What a person sees and answers about clients and their contacts. An answer is rows first; it is carried to Xero at once. */
export const contacts = {
  readClient: async ({ params: { id } }, { store }) => {
    const client = await store.client(id)
    return { status: 200, body: { ...client, failures: client.failures.map(explained) } }
  },
  listMatches: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_matches', query) }),
  answerMatch: async ({ params: { clientId }, body: { contactId = null } }, ctx) => ({
    status: 200,
    body: await answer(ctx, clientId, contactId),
  }),
  listConflicts: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_conflicts', query),
  }),
  resolveConflicts: async ({ body: { ids, choice } }, ctx) => ({ status: 200, body: await resolve(ctx, ids, choice) }),
  undoConflicts: async ({ body: { ids } }, ctx) => ({ status: 200, body: await undo(ctx, ids) }),
  resolveConflict: async ({ params: { id }, body: { choice } }, ctx) => ({
    status: 200,
    body: single(await resolve(ctx, [id], choice)),
  }),
  undoConflict: async ({ params: { id } }, ctx) => ({ status: 200, body: single(await undo(ctx, [id])) }),
  readContactPlan: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_contact_plan', query),
  }),
  makeContactPlan: async (_input, ctx) => ask(ctx, 'contacts.plan', {}),
  listUnknownContacts: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_unknown_contacts', query),
  }),
  answerUnknownContact: async ({ params: { contactId }, body: { clientId, ignore = false } }, ctx) => {
    if (clientId !== undefined) return { status: 200, body: { ...(await answer(ctx, clientId, contactId)), contactId } }
    const made = await ctx.store.answerUnknownContact(contactId, ignore ? 'ignore' : 'create')
    if (made !== null) await carry(ctx, [made])
    return { status: 200, body: { contactId, clientId: made } }
  },
} satisfies Partial<Handlers>

async function answer(ctx: SignedIn, clientId: string, contactId: string | null) {
  const answered = await ctx.store.answerMatch(clientId, contactId, ctx.caller.name)
  await carry(ctx, [clientId])
  return answered
}

async function resolve(ctx: SignedIn, ids: readonly string[], choice: 'ours' | 'xero') {
  const { clientIds, ...answered } = await ctx.store.resolveConflicts(ids, choice, ctx.caller.name)
  await carry(ctx, clientIds)
  return answered
}

async function undo(ctx: SignedIn, ids: readonly string[]) {
  const { clientIds, ...answered } = await ctx.store.undoConflicts(ids, ctx.caller.name)
  await carry(ctx, clientIds)
  return answered
}

type Answered = Omit<Awaited<ReturnType<SignedIn['store']['undoConflicts']>>, 'clientIds'>

/** The answer about one conflict: a refusal is a problem. */
function single(answered: Answered): Answered {
  const [refused] = answered.refused
  if (!refused) return answered
  const { code, reason } = refused
  throw code === 'not-found'
    ? new AppError('invalid', reason, { status: 404, code })
    : new AppError('notReady', reason, { code })
}

/** Has these clients exchanged now. Where that can't be said the next sync finds them, since the answer is in the rows. */
async function carry({ bus, requestId, log }: SignedIn, clientIds: readonly string[]): Promise<void> {
  const [key] = clientIds
  if (key === undefined) return
  const cause = { correlationId: requestId, causationId: null, tenantId: null }
  await bus
    .publish([{ name: 'contacts.push', key, body: { clientIds: [...clientIds] } }], cause)
    .catch((thrown: unknown) => {
      if (toAppError(thrown).kind !== 'unavailable') throw thrown
      log.warn({ err: thrown, clients: clientIds.length }, 'answer kept, to be carried out with the next sync')
    })
}
