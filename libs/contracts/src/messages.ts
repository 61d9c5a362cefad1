import { z } from 'zod'
import { dateText, decimalText, id, instantText, invoiceStatusChoice, paymentStatus } from './text.js'

/** Every service that may hear a message; also the name of its consumer group. */
export const serviceNames = ['gateway', 'xero-auth', 'contact-sync', 'item-sync', 'invoicing', 'payments'] as const
export type ServiceName = (typeof serviceNames)[number]

/** Those that a person may pause: they do the work. The door and the connection stay open. */
export const pausableServices = serviceNames.filter(
  (name): name is Exclude<ServiceName, 'gateway' | 'xero-auth'> => name !== 'gateway' && name !== 'xero-auth',
)

interface Definition<Body extends z.ZodType> {
  readonly stream: `commands.${ServiceName}` | `events.${string}`
  /** Grows when the body changes in a way that an older consumer can't read. */
  readonly version: number
  readonly body: Body
  /** A job has a row in `commands` under the message's id, with progress and an end. */
  readonly job: boolean
}

const job = <B extends z.ZodType>(service: ServiceName, body: B) =>
  ({ stream: `commands.${service}`, version: 1, body, job: true }) as const satisfies Definition<B>
const command = <B extends z.ZodType>(service: ServiceName, body: B) =>
  ({ stream: `commands.${service}`, version: 1, body, job: false }) as const satisfies Definition<B>
const fact = <B extends z.ZodType>(noun: string, body: B) =>
  ({ stream: `events.${noun}`, version: 1, body, job: false }) as const satisfies Definition<B>

const progress = z.strictObject({
  done: z.number().int(),
  total: z.number().int().nullable(),
  note: z.string().optional(),
})

/** Every message there is. Commands are verbs to one service, facts are past tense to whoever listens. */
export const messages = {
  'contacts.sync': job(
    'contact-sync',
    z.strictObject({
      /** Everything, not only what Xero says has changed. */
      full: z.boolean().optional(),
      /** The weekly one, which a setting switches off. */
      weekly: z.boolean().optional(),
    }),
  ),
  /** A dry run of contacts.sync. */
  'contacts.plan': job('contact-sync', z.strictObject({})),
  'contacts.push': command('contact-sync', z.strictObject({ clientIds: z.array(id).min(1).max(500) })),
  'contacts.pull': command(
    'contact-sync',
    z.strictObject({
      contactIds: z.array(id).min(1).max(500),
      /** When Xero changed them, where that is known: what was seen since needs no reading. */
      changedAt: z.record(id, instantText).optional(),
    }),
  ),
  'items.import': job('item-sync', z.strictObject({})),
  'invoices.create': job(
    'invoicing',
    z.strictObject({
      /** Absent: every cost centre that has approved hours. */
      costCenterId: id.optional(),
      from: dateText.optional(),
      to: dateText.optional(),
      dueDate: dateText.optional(),
      status: invoiceStatusChoice.optional(),
      force: z.array(z.string()).max(20).optional(),
      /** What the preview came to, tax included. An invoice that comes to anything else is held until somebody asks again (AFO-425). */
      expectedTotal: decimalText.optional(),
    }),
  ),
  /** The sentinel. `fresh`: Xero is read anew, whatever is kept of it. */
  'invoices.check': job('invoicing', z.strictObject({ fresh: z.boolean().optional() })),
  'invoices.settle': command('invoicing', z.strictObject({ invoiceIds: z.array(id).min(1).max(50) })),
  'invoices.note': command('invoicing', z.strictObject({ invoiceId: id })),
  'invoices.void': job('invoicing', z.strictObject({ invoiceId: id })),
  'connection.check': job('xero-auth', z.strictObject({})),
  'payments.poll': job('payments', z.strictObject({ full: z.boolean().optional() })),
  /** Both sides' books compared into a report; changes neither. */
  'books.compare': job('payments', z.strictObject({})),
  'payments.check': command('payments', z.strictObject({ xeroInvoiceIds: z.array(id).min(1).max(500) })),

  'xero.connected': fact('xero', z.strictObject({ tenantId: z.string(), tenantName: z.string() })),
  'xero.disconnected': fact('xero', z.strictObject({ tenantId: z.string(), reason: z.string() })),
  'xero.lapsing': fact('xero', z.strictObject({ tenantId: z.string(), daysLeft: z.number().int() })),
  /** A service holds calls of an endpoint class back, tries one, or calls again. */
  'breaker.changed': fact(
    'xero',
    z.strictObject({
      tenantId: z.string(),
      endpoint: z.string(),
      state: z.enum(['open', 'half-open', 'closed']),
      service: z.enum(serviceNames),
    }),
  ),
  'contact.linked': fact('contact', z.strictObject({ clientId: id, contactId: id })),
  'contact.conflicted': fact('contact', z.strictObject({ clientId: id, fields: z.array(z.string()) })),
  'contact.unmatched': fact('contact', z.strictObject({ clientId: id })),
  'contact.pulled': fact('contact', z.strictObject({ contactIds: z.array(id) })),
  'invoice.issued': fact(
    'invoice',
    z.strictObject({ invoiceId: id, number: z.string(), xeroInvoiceId: id, total: decimalText }),
  ),
  'invoice.refused': fact('invoice', z.strictObject({ invoiceId: id, number: z.string(), code: z.string() })),
  'invoice.paid': fact('invoice', z.strictObject({ invoiceId: id, paymentStatus })),
  'invoice.voided': fact('invoice', z.strictObject({ invoiceId: id })),
  'job.started': fact('job', z.strictObject({ commandId: id, name: z.string() })),
  'job.progressed': fact('job', z.strictObject({ commandId: id, name: z.string(), progress })),
  'job.finished': fact(
    'job',
    z.strictObject({ commandId: id, name: z.string(), state: z.enum(['done', 'failed', 'cancelled']) }),
  ),
} as const satisfies Record<string, Definition<z.ZodType>>

export type MessageName = keyof typeof messages
export type BodyOf<N extends MessageName> = z.output<(typeof messages)[N]['body']>
export type JobName = { [N in MessageName]: (typeof messages)[N]['job'] extends true ? N : never }[MessageName]
export type Progress = z.infer<typeof progress>

export const isMessageName = (name: string): name is MessageName => Object.hasOwn(messages, name)
export const isJobName = (name: string): name is JobName => isMessageName(name) && messages[name].job

/** The streams a service reads: its own commands, and the nouns of the facts it handles. */
export const streamOf = (name: MessageName): string => messages[name].stream

/** Every stream there is. */
export const allStreams: readonly string[] = [...new Set(Object.values(messages).map((m) => m.stream))]

const isOfFacts = (stream: string) => stream.startsWith('events.')

/** The streams of what happened, which anybody may hear. */
export const factStreams = allStreams.filter(isOfFacts)

/** What happened, by its names. */
export const factNames = (Object.keys(messages) as MessageName[]).filter((name) => isOfFacts(streamOf(name)))
