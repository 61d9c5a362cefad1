/** The gateway's database functions. */
export const gatewayRpcs = {} as const
