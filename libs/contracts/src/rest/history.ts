import { z } from 'zod'
import { id, instantText } from '../text.js'
import { flagText } from './common.js'
import { endpoint } from './endpoint.js'

/** Everything that happened to one thing, oldest first. */
export const history = z
  .object({
    entity: z.enum(['invoice', 'client']),
    entityId: id,
    /** Its number, or its name. */
    label: z.string().nullable(),
    at: instantText,
    events: z.array(
      z.object({
        at: instantText,
        kind: z.enum(['command', 'call', 'change', 'failure', 'person', 'conflict', 'match', 'invoice']),
        what: z.string(),
        /** The person, where it was one. */
        by: z.string().nullable(),
        /** What belongs together: the command, the request. */
        correlationId: z.string().nullable(),
        /** Of a call: what was sent and answered, redacted. Of a change: each field with its value before and after. */
        details: z.record(z.string(), z.json()),
      }),
    ),
  })
  .meta({ id: 'History' })

const of = (what: 'invoices' | 'clients', thing: string) =>
  endpoint({
    method: 'get',
    path: `/admin/${what}/:id/history`,
    summary: `Every command, call, change and person behind ${thing}, in order`,
    tag: what === 'invoices' ? 'Invoices' : 'Contacts',
    access: 'reader',
    params: z.strictObject({ id }),
    query: z.strictObject({ download: flagText.optional().describe('As a file to keep') }),
    answers: { 200: history },
  })

export const historyEndpoints = {
  readInvoiceHistory: of('invoices', 'an invoice'),
  readClientHistory: of('clients', 'a client'),
} as const
