/** Contact-sync's database functions. */
export const contactRpcs = {} as const
