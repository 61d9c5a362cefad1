import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { invoiceLine } from '../rpc/invoice-shapes.js'
import { dateText, decimalText, id, instantText, invoiceStatusChoice } from '../text.js'
import { accepted } from './common.js'
import { endpoint } from './endpoint.js'

/** Why an invoice should not be made, or should be looked at first. */
export const objectionView = z
  .object({
    code: z.enum(failureCodes),
    title: z.string(),
    detail: z.string(),
    remedy: z.string(),
    /** The invoice isn't made as long as this stands. */
    blocks: z.boolean(),
    /** `force: [code]` goes on all the same. */
    overrulable: z.boolean(),
  })
  .meta({ id: 'Objection' })

/** The exact invoice a cost centre would get now. */
export const invoicePreview = z
  .object({
    costCenterId: id,
    what: z.string(),
    /** Null when it is held: it takes no number then. */
    number: z.string().nullable(),
    held: z.boolean(),
    contact: z.object({ clientId: id, name: z.string(), contactId: z.string().nullable() }).nullable(),
    reference: z.string().nullable(),
    status: invoiceStatusChoice,
    currency: z.string(),
    issuedOn: dateText,
    dueOn: dateText,
    lines: z.array(invoiceLine),
    net: decimalText,
    tax: decimalText,
    total: decimalText,
    note: z.string(),
    objections: z.array(objectionView),
    timesheets: z.int(),
    leftOut: z.array(z.object({ id, code: z.enum(failureCodes), why: z.string() })),
  })
  .meta({ id: 'InvoicePreview' })

export const previewQuery = z.strictObject({
  costCenterId: id.optional().describe('Every cost centre that has approved hours unless told'),
  from: dateText.optional(),
  to: dateText.optional(),
  dueDate: dateText.optional(),
})
export const previewAnswer = z.object({ invoices: z.array(invoicePreview) })

/** Xero's own lists, to choose from. */
export const accountsAnswer = z.object({
  items: z.array(z.object({ code: z.string(), name: z.string(), type: z.string(), taxType: z.string().nullable() })),
})
export const taxRatesAnswer = z.object({
  items: z.array(z.object({ taxType: z.string(), name: z.string(), rate: decimalText })),
})
export const trackingAnswer = z.object({
  items: z.array(z.object({ name: z.string(), options: z.array(z.string()) })),
})

/** Something that somebody changed in Xero; what is new or gone has no field. */
export const organisationChange = z.object({
  what: z.string(),
  field: z.string().nullable(),
  was: z.string().nullable(),
  is: z.string().nullable(),
})
export type OrganisationChange = z.infer<typeof organisationChange>

const failingNow = z.object({
  costCenterId: id,
  costCentre: z.string(),
  code: z.enum(failureCodes),
  detail: z.string(),
  money: decimalText.nullable(),
  since: instantText,
})
/** As the database keeps it: each list of Xero's that changed, before and after. */
export const sentinelRow = z.object({
  checkedAt: instantText.nullable(),
  changed: z.array(
    z.object({
      name: z.enum(['organisation', 'accounts', 'taxRates', 'tracking']),
      at: instantText,
      previous: z.json(),
      value: z.json(),
    }),
  ),
  failing: z.array(failingNow),
})
/** What changed last in Xero's accounts, tax rates, tracking and lock dates, and which cost centres could not be billed for it now. */
export const sentinelView = z
  .object({
    checkedAt: instantText.nullable(),
    changes: z.array(organisationChange.extend({ at: instantText })),
    failing: z.array(failingNow.extend({ title: z.string(), remedy: z.string() })),
  })
  .meta({ id: 'Sentinel' })

const reference = <A extends z.ZodType>(what: string, summary: string, answer: A) =>
  endpoint({
    method: 'get',
    path: `/admin/xero/${what}`,
    summary,
    tag: 'Invoices',
    access: 'reader',
    answers: { 200: answer },
  })

export const billingEndpoints = {
  previewInvoices: endpoint({
    method: 'get',
    path: '/admin/invoices/preview',
    summary: 'The exact invoice a cost centre would get, and every objection, without a write',
    tag: 'Invoices',
    access: 'reader',
    query: previewQuery,
    answers: { 200: previewAnswer },
  }),
  readSentinel: endpoint({
    method: 'get',
    path: '/admin/xero/sentinel',
    summary: 'What changed in Xero that invoices depend on, and what would fail for it now',
    tag: 'Invoices',
    access: 'reader',
    answers: { 200: sentinelView },
  }),
  checkSentinel: endpoint({
    method: 'post',
    path: '/admin/xero/sentinel',
    summary: 'Read accounts, tax rates, tracking and lock dates anew and check what is ready to be billed',
    tag: 'Invoices',
    access: 'admin',
    commanding: true,
    audit: 'xero.sentinel',
    answers: { 202: accepted },
  }),
  listAccounts: reference('accounts', "The organisation's accounts that sales can be booked to", accountsAnswer),
  listTaxRates: reference('tax-rates', "The organisation's tax rates that fit sales", taxRatesAnswer),
  listTracking: reference('tracking', "The organisation's tracking categories and their options", trackingAnswer),
} as const
