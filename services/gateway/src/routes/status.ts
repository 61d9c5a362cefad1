import { askedAgain, explained, type JobName } from '@afo/contracts'

import type { Handlers } from '../ports.js'
import { ask } from './commands.js'

export const status = {
  readSyncStatus: async (_input, { store }) => {
    const [{ errors, ...rest }, paused] = await Promise.all([store.status(), store.pauses()])
    const shown = errors.map(explained).map(({ id, code, title, message, entity, entityId, lastSeenAt: at }) => {
      return { id, code, title, message, entity, entityId, at }
    })
    return { status: 200, body: { ...rest, paused, errors: shown } }
  },
  listRuns: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_log', { limit: 20, ...query }),
  }),
  rerun: async ({ params: { id } }, ctx) => {
    const { name, body } = await ctx.store.commandOfRun(id)
    return ask(ctx, name as JobName, askedAgain(body))
  },
} satisfies Partial<Handlers>
