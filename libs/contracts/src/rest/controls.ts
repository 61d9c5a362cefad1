import { z } from 'zod'
import { pausableServices } from '../messages.js'
import { instantText } from '../text.js'
import { endpoint } from './endpoint.js'

const service = z.enum(pausableServices)

/** A service that a person has paused: it reads no message until it is resumed. */
export const pause = z
  .object({ service, at: instantText, by: z.string(), reason: z.string().nullable() })
  .meta({ id: 'Pause' })

export const pauseBody = z.strictObject({
  service: service.optional().describe('All of them unless told'),
  reason: z.string().trim().min(1).max(500).optional(),
})
export const resumeBody = pauseBody.omit({ reason: true })
export const pauses = z.object({ paused: z.array(pause) })

const control = <B extends z.ZodType>(what: 'pause' | 'resume', summary: string, body: B) =>
  endpoint({
    method: 'post',
    path: `/admin/${what}`,
    summary,
    tag: 'Operations',
    access: 'admin',
    commanding: true,
    audit: what,
    body,
    answers: { 200: pauses },
  })

export const controlEndpoints = {
  pause: control(
    'pause',
    'Stop services from taking up work, one or all. What runs goes on to its end, what comes in waits',
    pauseBody,
  ),
  resume: control('resume', 'Let paused services go on', resumeBody),
} as const
