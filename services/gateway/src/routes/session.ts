import { endpoints, openapi } from '@afo/contracts'
import { bearer } from '@afo/door'
import type { Handlers } from '../ports.js'

let document: string | undefined

export const session = {
  health: async () => ({ status: 200, body: { status: 'ok', uptime: Math.round(process.uptime()) } }),
  apiDocument: async () => {
    document ??= JSON.stringify(openapi(endpoints))
    const text = document
    return { status: 200, send: async (res) => void res.type('json').send(text) }
  },
  readMe: async (_input, { caller: { id, email, role } }) => ({ status: 200, body: { id, email, role } }),
  signOut: async (_input, { sessions, req }) => {
    await sessions.end(bearer(req.get('authorization')) ?? '')
    return { status: 204 }
  },
} satisfies Partial<Handlers>
