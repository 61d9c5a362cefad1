/** Item-sync's database functions. */
export const itemRpcs = {} as const
