import { z } from 'zod'
import { messages } from '../messages.js'
import { commandRow } from '../rpc/common.js'
import { listQuery, page } from './common.js'

/** A command as it stands: queued, running (with progress), done, failed (and why) or cancelled. */
export const commandView = commandRow.meta({ id: 'Command' })

export const commandsQuery = listQuery(['createdAt'], {
  state: commandRow.shape.state.optional(),
  name: z.string().max(50).optional(),
})
export const commandsPage = page(commandView)

export const syncClientsBody = messages['contacts.sync'].body
export const syncItemsBody = messages['items.import'].body
export const syncPaymentsBody = messages['payments.poll'].body
/** One cost centre's hours. `force` overrules the objections named, by their codes. */
export const createInvoiceBody = messages['invoices.create'].body.required({ costCenterId: true })
/** Every cost centre that has approved hours. */
export const syncInvoicesBody = messages['invoices.create'].body.omit({ costCenterId: true })
