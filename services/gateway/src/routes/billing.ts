import { dateText, id } from '@afo/contracts'
import { z } from 'zod'
import { type AnyRoute, type RequestContext, route } from '../http/route.js'

const previewQuery = z.strictObject({
  costCenterId: id,
  from: dateText.optional(),
  to: dateText.optional(),
  dueDate: dateText.optional(),
})
const answer = z.looseObject({}).describe('As invoicing answers it')

const ask = async (
  { invoicing, signal }: RequestContext,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
) => ({ status: 200, body: await invoicing.call('GET', path, answer, { query, signal }) }) as const

const reference = (what: string, summary: string): AnyRoute =>
  route({
    method: 'get',
    path: `/admin/xero/${what}`,
    summary,
    tag: 'Invoices',
    access: 'reader',
    answers: { 200: answer },
    handle: (_input, ctx) => ask(ctx, `/reference/${what}`),
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
    answers: { 200: answer },
    handle: ({ query }, ctx) => ask(ctx, '/preview', query),
  }),
  reference('accounts', "The organisation's active revenue accounts"),
  reference('tax-rates', "The organisation's active tax rates"),
  reference('tracking', "The organisation's tracking categories"),
]
