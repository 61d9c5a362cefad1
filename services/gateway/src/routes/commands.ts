import type { JobName } from '@afo/contracts'
import { AppError, toAppError } from '@afo/kit'
import { publishCommand } from '@afo/service'
import type { Handlers, SignedIn } from '../ports.js'

export const commands = {
  syncClients: ({ body }, ctx) => ask(ctx, 'contacts.sync', body),
  syncItems: ({ body }, ctx) => ask(ctx, 'items.import', body),
  syncPayments: ({ body }, ctx) => ask(ctx, 'payments.poll', body),
  syncInvoices: ({ body }, ctx) => ask(ctx, 'invoices.create', body),
  makeReport: (_input, ctx) => ask(ctx, 'books.compare', {}),
  createInvoice: async ({ body }, ctx) => {
    if (!(await ctx.store.knowsCostCentre(body.costCenterId)))
      throw new AppError('invalid', 'There is no such cost centre', {
        status: 404,
        code: 'not-found',
        issues: [{ field: 'costCenterId', reason: 'names no cost centre' }],
      })
    return ask(ctx, 'invoices.create', body)
  },
  listCommands: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_commands', query) }),
  readCommand: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.command(id) }),
  cancelCommand: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.cancelCommand(id) }),
} satisfies Partial<Handlers>

/** Writes a command down and publishes it. Once it is written down it will be done, whether or not it could be published right away. */
export async function ask(
  ctx: SignedIn,
  name: JobName,
  body: Record<string, unknown>,
  commandId: string = ctx.commandId,
) {
  const { db, bus, store, caller, log } = ctx
  const command = { id: commandId, name, body, askedBy: caller.name, triggeredBy: 'manual' } as const
  await publishCommand({ db, bus }, command).catch(async (thrown: unknown) => {
    if (toAppError(thrown).kind !== 'unavailable') throw thrown
    await store.command(commandId).catch(() => {
      throw thrown
    })
    log.warn({ err: thrown, commandId }, 'command accepted, to be published later')
  })
  const statusUrl = `/admin/commands/${commandId}`
  return { status: 202, body: { id: commandId, statusUrl }, headers: { Location: statusUrl } } as const
}
