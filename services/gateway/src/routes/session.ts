import { z } from 'zod'
import { nothing, route } from '../http/route.js'

const me = z
  .object({ id: z.string(), email: z.string().nullable(), role: z.enum(['admin', 'accountant']) })
  .meta({ id: 'Me' })

export const session = [
  route({
    method: 'get',
    path: '/admin/me',
    summary: 'Who is signed in, and whether they may command',
    tag: 'Session',
    access: 'reader',
    rate: 'auth',
    answers: { 200: me },
    handle: async (_input, { caller: { id, email, role } }) => ({ status: 200, body: { id, email, role } }),
  }),
  route({
    method: 'post',
    path: '/admin/sign-out',
    summary: 'End the session at Supabase, and forget it here at once',
    tag: 'Session',
    access: 'reader',
    audit: 'session.sign-out',
    answers: { 204: nothing },
    handle: async (_input, { sessions, req }) => {
      await sessions.end(req.get('authorization'))
      return { status: 204 }
    },
  }),
]
