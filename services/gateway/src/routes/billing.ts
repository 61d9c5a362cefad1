import { accountsAnswer, previewAnswer, previewQuery, taxRatesAnswer, trackingAnswer } from '@afo/contracts'
import type { z } from 'zod'
import { type AnyRoute, route } from '../http/route.js'

const reference = <A extends z.ZodType>(what: string, summary: string, answer: A): AnyRoute =>
  route({
    method: 'get',
    path: `/admin/xero/${what}`,
    summary,
    tag: 'Invoices',
    access: 'reader',
    answers: { 200: answer as z.ZodType },
    handle: async (_input, { invoicing, signal }) => ({
      status: 200,
      body: await invoicing.call('GET', `/reference/${what}`, answer, { signal }),
    }),
  })

/** What invoicing alone can tell: the exact invoice beforehand, and Xero's own lists to choose from. */
export const billing: readonly AnyRoute[] = [
  route({
    method: 'get',
    path: '/admin/invoices/preview',
    summary: 'The exact invoice a cost centre would get, and every objection, without a write',
    tag: 'Invoices',
    access: 'reader',
    query: previewQuery,
    answers: { 200: previewAnswer },
    handle: async ({ query }, { invoicing, signal }) => ({
      status: 200,
      body: await invoicing.call('GET', '/preview', previewAnswer, { query, signal }),
    }),
  }),
  reference('accounts', "The organisation's accounts that sales can be booked to", accountsAnswer),
  reference('tax-rates', "The organisation's tax rates that fit sales", taxRatesAnswer),
  reference('tracking', "The organisation's tracking categories and their options", trackingAnswer),
]
