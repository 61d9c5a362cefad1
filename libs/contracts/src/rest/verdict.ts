import { z } from 'zod'
import { decimalText, id, instantText } from '../text.js'

/** What Xero has of a thing that failed, and so whether trying again is safe. */
export const verdict = z
  .object({
    /** safe: not in Xero, a retry can't double it. there: Xero has it, nothing is to be sent. unsure: can't be told at the moment. */
    verdict: z.enum(['safe', 'there', 'unsure']),
    /** One plain sentence. */
    because: z.string(),
    /** What Xero has, where it has something. */
    xero: z.object({ id: z.string(), name: z.string(), status: z.string(), total: decimalText.nullable() }).nullable(),
    /** How often Xero was asked for it. */
    calls: z.int(),
    at: instantText,
  })
  .meta({ id: 'Verdict' })
export type Verdict = z.infer<typeof verdict>

/** Between services: verdicts on several things of one kind, by their ids. */
export const verdictsBody = z.strictObject({ ids: z.array(id).min(1).max(500) })
export const verdictsAnswer = z.object({ verdicts: z.array(z.object({ entityId: id, verdict })) })
