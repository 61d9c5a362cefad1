import { z } from 'zod'
import { endpoint, nothing } from './endpoint.js'

export const me = z
  .object({ id: z.string(), email: z.string().nullable(), role: z.enum(['admin', 'accountant']) })
  .meta({ id: 'Me' })

export const sessionEndpoints = {
  health: endpoint({
    method: 'get',
    path: '/health',
    summary: 'Whether the gateway lives, and for how many seconds',
    tag: 'Health',
    access: 'public',
    rate: 'none',
    answers: { 200: z.object({ status: z.literal('ok'), uptime: z.int() }) },
  }),
  apiDocument: endpoint({
    method: 'get',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    tag: 'Health',
    access: 'public',
    answers: { 200: { media: 'application/json' } },
  }),
  readMe: endpoint({
    method: 'get',
    path: '/admin/me',
    summary: 'Who is signed in, and whether they may command',
    tag: 'Session',
    access: 'reader',
    rate: 'auth',
    answers: { 200: me },
  }),
  signOut: endpoint({
    method: 'post',
    path: '/admin/sign-out',
    summary: 'End the session at Supabase, and forget it here at once',
    tag: 'Session',
    access: 'reader',
    audit: 'session.sign-out',
    answers: { 204: nothing },
  }),
} as const
