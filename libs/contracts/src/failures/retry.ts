import type { NewMessage } from '../envelope.js'
import type { JobName } from '../messages.js'
import type { FailureContext } from '../rest/failures.js'
import type { Verdict } from '../rest/verdict.js'
import { failures } from './catalogue.js'

export type Follower = 'contacts.push' | 'invoices.settle' | 'payments.check'

/** What a retry of one failure comes to, with the job to ask for or the message to say about the subject. */
export interface Attempt {
  readonly outcome: 'asked' | 'there' | 'unsure' | 'nothing'
  readonly because: string
  readonly job?: { readonly name: JobName; readonly body: Record<string, unknown> }
  readonly say?: { readonly name: Follower; readonly subject: string }
}

/**
 * How a failure is tried again. An invoice goes by the verdict: what Xero has isn't sent, and neither is what can't be told. Everything else begins by
 * asking Xero itself.
 */
export function planRetry(row: FailureContext, verdict: Verdict | undefined): Attempt {
  const { entity, entityId, command } = row
  if (row.state !== 'open') return nothing('It is closed already.')
  switch (entity) {
    case 'client':
      return asked('The client is sent again, after a look at what Xero has.', {
        name: 'contacts.push',
        subject: entityId,
      })
    case 'item':
      return job('items.import', {}, 'The items are imported again.')
    case 'connection':
      return job('connection.check', {}, 'The connection is checked again.')
    case 'cost-centre':
    case 'timesheet':
      if (row.code === 'AFO-425') return nothing(failures[row.code].remedy)
      return bill(row, 'The cost centre is billed again.')
    case 'invoice':
      return retryInvoice(row, verdict)
    case 'command':
      if (!command) return nothing('What ran then is no longer known.')
      return job(command.name as JobName, askedAgain(command.body), 'It is run again.')
    case 'contact':
      return nothing('It is looked at with the next sync of contacts.')
  }
}

function retryInvoice(row: FailureContext, verdict: Verdict | undefined): Attempt {
  const { invoice, entityId } = row
  if (row.code === 'AFO-420') return nothing('The note is not tried again. Write it in Xero by hand, or dismiss this.')
  if (row.code === 'AFO-423')
    return nothing('What was billed stays as it is. Void the invoice, or bill the difference.')
  if (invoice?.state === 'issued' && invoice.xeroInvoiceId)
    return asked('Xero is asked for the invoice again.', { name: 'payments.check', subject: invoice.xeroInvoiceId })
  if (verdict === undefined || verdict.verdict === 'unsure')
    return { outcome: 'unsure', because: verdict?.because ?? 'Xero could not be asked.' }
  if (verdict.verdict === 'there') return { outcome: 'there', because: verdict.because }
  if (invoice?.state === 'refused') return bill(row, 'The cost centre is billed again.')
  return asked('It is looked up once more and then sent.', { name: 'invoices.settle', subject: entityId })
}

/** As it was asked for then, for this cost centre alone. */
function bill({ costCenterId, command }: FailureContext, because: string): Attempt {
  if (costCenterId === null) return nothing('Its cost centre is gone.')
  const asWas = command?.name === 'invoices.create' ? askedAgain(command.body) : {}
  return job('invoices.create', { ...asWas, costCenterId }, because)
}

/** The body of a command that is asked for once more. What was overruled then is asked again: more hours may be ready by now. */
export function askedAgain(body: unknown): Record<string, unknown> {
  const { force: _, ...rest }: Record<string, unknown> = body !== null && typeof body === 'object' ? { ...body } : {}
  return rest
}

const nothing = (because: string): Attempt => ({ outcome: 'nothing', because })
const asked = (because: string, say: NonNullable<Attempt['say']>): Attempt => ({ outcome: 'asked', because, say })
const job = (name: JobName, body: Record<string, unknown>, because: string): Attempt => ({
  outcome: 'asked',
  because,
  job: { name, body },
})

/** Subjects of one message. */
const perMessage = 50

const bodyOf = {
  'contacts.push': (ids: string[]) => ({ clientIds: ids }),
  'invoices.settle': (ids: string[]) => ({ invoiceIds: ids }),
  'payments.check': (ids: string[]) => ({ xeroInvoiceIds: ids }),
} as const satisfies Record<Follower, (ids: string[]) => unknown>

/** What these attempts say something about, each once. */
export const subjectsOf = (attempts: readonly Attempt[], name: Follower): string[] => [
  ...new Set(attempts.flatMap(({ say }) => (say?.name === name ? [say.subject] : []))),
]

/** The messages of these attempts, many subjects in one. */
export function retryMessages(
  attempts: readonly Attempt[],
  idOf: (name: Follower, at: number) => string,
): NewMessage[] {
  const messages: NewMessage[] = []
  for (const name of Object.keys(bodyOf) as Follower[]) {
    const subjects = subjectsOf(attempts, name)
    for (let at = 0; at < subjects.length; at += perMessage) {
      const id = idOf(name, at)
      messages.push({ id, name, key: id, body: bodyOf[name](subjects.slice(at, at + perMessage)) } as NewMessage)
    }
  }
  return messages
}
