import { accountsAnswer, previewAnswer, sentinelView, taxRatesAnswer, trackingAnswer } from '@afo/contracts'
import type { z } from 'zod'
import type { Handlers, RequestContext } from '../ports.js'
import { ask as command } from './commands.js'

/** What invoicing alone can tell: the exact invoice beforehand, and Xero's own lists to choose from. */
export const billing = {
  previewInvoices: ({ query }, ctx) => ask(ctx, '/preview', previewAnswer, query),
  readSentinel: (_input, ctx) => ask(ctx, '/sentinel', sentinelView),
  checkSentinel: (_input, ctx) => command(ctx, 'invoices.check', { fresh: true }),
  listAccounts: (_input, ctx) => ask(ctx, '/reference/accounts', accountsAnswer),
  listTaxRates: (_input, ctx) => ask(ctx, '/reference/tax-rates', taxRatesAnswer),
  listTracking: (_input, ctx) => ask(ctx, '/reference/tracking', trackingAnswer),
} satisfies Partial<Handlers>

async function ask<A extends z.ZodType>(
  { invoicing, signal }: RequestContext,
  path: string,
  answer: A,
  query: Readonly<Record<string, string | undefined>> = {},
) {
  return { status: 200, body: await invoicing.call('GET', path, answer, { query, signal }) } as const
}
