import { z } from 'zod'
import { id } from '../text.js'

/** RFC 9457, as every refused request is answered. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })

/** What a commanding request answers: the work goes on by itself, `statusUrl` tells how far it is. */
export const accepted = z.object({ id, statusUrl: z.string() }).meta({ id: 'Accepted' })
export type Accepted = z.infer<typeof accepted>

/** A whole number as a query carries it. */
export const countText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))

/** `true` or `false` as a query carries it. */
export const flagText = z.enum(['true', 'false']).transform((value) => value === 'true')

/** A field that goes in and never comes out: kept from logs and from the audit, shown as a password by the API document. */
export const secretText = z.string().min(1).max(500).meta({ format: 'password', writeOnly: true })

/** `?limit&cursor&q&sort` and the list's own filters. A leading minus sorts downwards. */
export const listQuery = <const S extends readonly [string, ...string[]], F extends z.ZodRawShape>(
  sorts: S,
  filters: F = {} as F,
) =>
  z.strictObject({
    limit: countText(1, 200).optional().describe('Rows of one page, 50 unless told'),
    cursor: z.string().max(4_000).optional().describe("The page before's nextCursor"),
    q: z.string().max(200).optional().describe('Words to look for'),
    sort: z
      .enum(sorts.flatMap((sort) => [sort, `-${sort}`]) as [string, ...string[]])
      .optional()
      .describe(`One of ${sorts.join(', ')}; a leading minus sorts downwards`),
    ...filters,
  })

/** One page of a list. `nextCursor` is null on the last one; `total` counts what the filters let through. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.int() })
