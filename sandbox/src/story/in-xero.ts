import { z } from 'zod'
import { ask, json } from './http.js'

const document = z.object({
  InvoiceID: z.string(),
  InvoiceNumber: z.string().nullable(),
  Type: z.string(),
  Status: z.string(),
  Total: z.string(),
  AmountDue: z.string(),
  History: z.array(z.object({ Changes: z.string() })),
})
export type XeroDocument = z.infer<typeof document>

const ledger = z.object({
  organisation: z.object({ Timezone: z.string() }),
  contacts: z.array(z.object({ ContactID: z.string(), ContactStatus: z.string(), Name: z.string() })),
  invoices: z.array(document),
  totals: z.object({ documents: z.number(), total: z.string() }),
})
const calls = z.object({
  calls: z.array(z.object({ endpoint: z.string(), atMs: z.number() })),
  byEndpoint: z.record(z.string(), z.number()),
})

/** What people do in Xero, and what an auditor sees there: the sandbox's control door. */
export class InXero {
  constructor(private readonly url: string) {}

  /** @throws Unexpected when there is no control door: the story has nobody to play the customers of a real Xero */
  ledger() {
    return ask(`${this.url}/_sandbox/ledger`, ledger)
  }

  calls() {
    return ask(`${this.url}/_sandbox/calls`, calls)
  }

  async forgetCalls(): Promise<void> {
    await ask(`${this.url}/_sandbox/calls`, z.unknown(), { method: 'DELETE' })
  }

  /** How many calls a day Xero allows from now on. */
  async allow(perDay: number): Promise<void> {
    await ask(`${this.url}/_sandbox/limits`, z.unknown(), json({ perDay }))
  }

  async editContact(id: string, contact: Readonly<Record<string, string>>): Promise<void> {
    await ask(`${this.url}/_sandbox/contacts`, z.unknown(), json({ action: 'edit', id, contact }))
  }

  async pay(invoice: string, amount?: string): Promise<void> {
    await ask(
      `${this.url}/_sandbox/payments`,
      z.unknown(),
      json({ action: 'pay', invoice, ...(amount === undefined ? {} : { amount }) }),
    )
  }
}
