/** The vault's (xero-auth) database functions. */
export const vaultRpcs = {} as const
