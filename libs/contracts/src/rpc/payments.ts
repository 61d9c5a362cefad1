/** Payments' database functions. */
export const paymentRpcs = {} as const
