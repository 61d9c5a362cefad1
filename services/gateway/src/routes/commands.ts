import {
  accepted,
  commandsPage,
  commandsQuery,
  commandView,
  createInvoiceBody,
  id,
  type JobName,
  syncClientsBody,
  syncInvoicesBody,
  syncItemsBody,
  syncPaymentsBody,
} from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'
import { publishCommand } from '@afo/service'
import { z } from 'zod'
import { type RequestContext, route } from '../http/route.js'
import type { Caller } from '../ports.js'

type Asking = RequestContext & { readonly caller: Caller }

/** Writes a command down and publishes it. Once it is written down it will be done, whether or not it could be published right away. */
export async function ask(ctx: Asking, name: JobName, body: Record<string, unknown>) {
  const { db, bus, caller, commandId, log } = ctx
  const command = { id: commandId, name, body, askedBy: caller.name, triggeredBy: 'manual' } as const
  await publishCommand({ db, bus }, command).catch(async (thrown: unknown) => {
    if (toAppError(thrown).kind !== 'unavailable') throw thrown
    await db.rpc('sync_command_read', { p_id: commandId }).catch(() => {
      throw thrown
    })
    log.warn({ err: thrown, commandId }, 'command accepted, to be published later')
  })
  const statusUrl = `/admin/commands/${commandId}`
  return { status: 202, body: { id: commandId, statusUrl }, headers: { Location: statusUrl } } as const
}

const sync = <B extends z.ZodType<Record<string, unknown>>>(what: string, name: JobName, summary: string, body: B) =>
  route({
    method: 'post',
    path: `/admin/xero/${what}`,
    summary,
    tag: 'Sync',
    access: 'admin',
    commanding: true,
    audit: `xero.${what}`,
    body,
    answers: { 202: accepted },
    handle: (input, ctx) => ask(ctx, name, input.body),
  })

const one = z.strictObject({ id })

export const commands = [
  sync('sync-clients', 'contacts.sync', 'Bring clients and Xero contacts into step', syncClientsBody),
  sync('sync-items', 'items.import', 'Import Xero items as activity types', syncItemsBody),
  sync('sync-payments', 'payments.poll', 'Ask Xero what was paid', syncPaymentsBody),
  sync('sync-invoices', 'invoices.create', 'Bill every cost centre that has approved hours', syncInvoicesBody),
  route({
    method: 'post',
    path: '/admin/invoices',
    summary: "Bill one cost centre's approved hours",
    tag: 'Invoices',
    access: 'admin',
    commanding: true,
    audit: 'invoices.create',
    body: createInvoiceBody,
    answers: { 202: accepted },
    handle: async ({ body }, ctx) => {
      if (!(await ctx.db.rpc('sync_cost_centre_known', { p_id: body.costCenterId })))
        throw new AppError('invalid', 'There is no such cost centre', {
          status: 404,
          code: 'not-found',
          issues: [{ field: 'costCenterId', reason: 'names no cost centre' }],
        })
      return ask(ctx, 'invoices.create', body)
    },
  }),
  route({
    method: 'get',
    path: '/admin/commands',
    summary: 'What was asked for, newest first',
    tag: 'Commands',
    access: 'reader',
    query: commandsQuery,
    answers: { 200: commandsPage },
    handle: async ({ query }, { db }) => ({
      status: 200,
      body: await db.rpc('sync_list_commands', { p_query: query }),
    }),
  }),
  route({
    method: 'get',
    path: '/admin/commands/:id',
    summary: 'How far a command is, and how it ended',
    tag: 'Commands',
    access: 'reader',
    params: one,
    answers: { 200: commandView },
    handle: async ({ params }, { db }) => ({
      status: 200,
      body: await db.rpc('sync_command_read', { p_id: params.id }),
    }),
  }),
  route({
    method: 'post',
    path: '/admin/commands/:id/cancel',
    summary: 'End a command: a queued one at once, a running one between two batches',
    tag: 'Commands',
    access: 'admin',
    commanding: true,
    audit: 'commands.cancel',
    params: one,
    answers: { 200: commandView },
    handle: async ({ params }, { db }) => ({
      status: 200,
      body: await db.rpc('sync_command_cancel', { p_id: params.id }),
    }),
  }),
]
