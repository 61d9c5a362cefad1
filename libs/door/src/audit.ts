import type { Endpoint } from '@afo/contracts'
import { z } from 'zod'
import type { Input, RequestContextOf } from './handler.js'

/** Leaves a line in the audit log: who asks for what, when, from where. Written first, so that nothing is done without it. */
export async function audit(endpoint: Endpoint, input: Input, ctx: RequestContextOf): Promise<void> {
  if (endpoint.audit === undefined) return
  await ctx.store.audit({
    actor: ctx.caller?.name ?? 'anybody',
    action: endpoint.audit,
    target: Object.values(input.params as Record<string, unknown>).join('/') || null,
    address: ctx.req.ip ?? null,
    requestId: ctx.requestId,
    details: { ...withoutSecrets(endpoint.body, input.body), ...(input.query as object) } as never,
  })
}

/** The body's fields as they may be kept: those that their schema marks writeOnly are left out. */
export function withoutSecrets(schema: z.ZodType | undefined, body: unknown): Record<string, unknown> {
  if (!(schema instanceof z.ZodObject) || body === null || typeof body !== 'object') return {}
  return Object.fromEntries(
    Object.entries(body).filter(([field]) => {
      const shape: unknown = schema.shape[field]
      return shape instanceof z.ZodType && !isSecret(shape)
    }),
  )
}

const isSecret = (schema: z.ZodType): boolean =>
  schema.meta()?.writeOnly === true ||
  ((schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) &&
    isSecret(schema.unwrap() as z.ZodType))
