import { explained } from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'

import type { Handlers, SignedIn } from '../ports.js'
import { ask } from './commands.js'
import { listed } from './lists.js'

/** What a person sees and answers about clients and their contacts. An answer is rows first; it is carried to Xero at once. */
export const contacts = {
  readClient: async ({ params: { id } }, { store }) => {
    const client = await store.client(id)
    return { status: 200, body: { ...client, failures: client.failures.map(explained) } }
  },
  listMatches: listed('sync_list_matches'),
  answerMatch: async ({ params: { clientId }, body: { contactId = null } }, ctx) => ({
    status: 200,
    body: await answer(ctx, clientId, contactId),
  }),
  listConflicts: listed('sync_list_conflicts'),
  resolveConflicts: async ({ body: { ids, choice } }, ctx) => ({ status: 200, body: await resolve(ctx, ids, choice) }),
  undoConflicts: async ({ body: { ids } }, ctx) => ({ status: 200, body: await undo(ctx, ids) }),
  resolveConflict: async ({ params: { id }, body: { choice } }, ctx) => ({
    status: 200,
    body: single(await resolve(ctx, [id], choice)),
  }),
  undoConflict: async ({ params: { id } }, ctx) => ({ status: 200, body: single(await undo(ctx, [id])) }),
  readContactPlan: listed('sync_list_contact_plan'),
  makeContactPlan: async (_input, ctx) => ask(ctx, 'contacts.plan', {}),
  listUnknownContacts: listed('sync_list_unknown_contacts'),
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

const resolve = (ctx: SignedIn, ids: readonly string[], choice: 'ours' | 'xero') =>
  carried(ctx, ctx.store.resolveConflicts(ids, choice, ctx.caller.name))
const undo = (ctx: SignedIn, ids: readonly string[]) => carried(ctx, ctx.store.undoConflicts(ids, ctx.caller.name))

type Kept = Awaited<ReturnType<SignedIn['store']['undoConflicts']>>

async function carried(ctx: SignedIn, keeping: Promise<Kept>) {
  const { clientIds, ...answered } = await keeping
  await carry(ctx, clientIds)
  return answered
}

/** The answer about one conflict: a refusal is a problem. */
function single(answered: Omit<Kept, 'clientIds'>) {
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
