/** Invoicing's database functions. */
export const invoicingRpcs = {} as const
