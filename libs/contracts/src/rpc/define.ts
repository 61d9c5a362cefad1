import type { z } from 'zod'

/**
 * A database function: what goes in and what comes out. The key is its name in SQL, an argument's key is the SQL argument's name.
 * An argument that is an object or array crosses as JSON text (`text` in SQL, cast inside).
 */
export interface Rpc<A extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly args: A
  readonly result: R
}

export const rpc = <A extends z.ZodType, R extends z.ZodType>(args: A, result: R): Rpc<A, R> => ({ args, result })
