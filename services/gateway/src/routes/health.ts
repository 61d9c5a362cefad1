import { z } from 'zod'
import { route } from '../http/route.js'

export const health = [
  route({
    method: 'get',
    path: '/health',
    summary: 'Whether the gateway lives, and for how many seconds',
    tag: 'Health',
    access: 'public',
    rate: 'none',
    answers: { 200: z.object({ status: z.literal('ok'), uptime: z.int() }) },
    handle: async () => ({ status: 200, body: { status: 'ok', uptime: Math.round(process.uptime()) } }),
  }),
]
