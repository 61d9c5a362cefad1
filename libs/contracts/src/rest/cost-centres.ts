import { z } from 'zod'
import { dateText, decimalText, id } from '../text.js'
import { endpoint } from './endpoint.js'
import { costCentreView } from './lists.js'

/** A cost centre with its customer's order and what is left of it. Amounts are net of tax. */
export const costCentreDetail = costCentreView
  .extend({
    /** "Option", or "Category: Option" where two categories have one of that name. */
    trackingOption: z.string().nullable(),
    orderBilled: decimalText,
    orderLeft: decimalText.nullable(),
  })
  .meta({ id: 'CostCentreDetail' })

/** What is named is changed, null clears, the rest stays. */
export const costCentreChange = z.strictObject({
  poNumber: z.string().trim().max(255).nullable().optional(),
  poAmount: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, 'must be an amount of money with at most 2 places, as text')
    .meta({ examples: ['45000.00'] })
    .nullable()
    .optional(),
  poExpiresOn: dateText.nullable().optional(),
  trackingOption: z.string().trim().max(200).nullable().optional(),
})

const one = { tag: 'Invoices', path: '/admin/cost-centres/:id', params: z.strictObject({ id }) } as const

export const costCentreEndpoints = {
  readCostCentre: endpoint({
    ...one,
    method: 'get',
    summary: "A cost centre, its customer's order and what is left of it",
    access: 'reader',
    answers: { 200: costCentreDetail },
  }),
  changeCostCentre: endpoint({
    ...one,
    method: 'patch',
    summary: "Change a cost centre's purchase order or tracking option",
    access: 'admin',
    commanding: true,
    audit: 'cost-centres.change',
    body: costCentreChange,
    answers: { 200: costCentreDetail },
  }),
} as const
