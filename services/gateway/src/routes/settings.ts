import type { Handlers } from '../ports.js'

export const settings = {
  readSyncSettings: async (_input, ctx) => ({ status: 200, body: await ctx.settings.read('sync') }),
  readInvoicingSettings: async (_input, ctx) => ({ status: 200, body: await ctx.settings.read('invoicing') }),
  writeSyncSettings: async ({ body }, { store }) => {
    await store.writeSetting('sync', body)
    return { status: 200, body }
  },
  writeInvoicingSettings: async ({ body }, { store }) => {
    await store.writeSetting('invoicing', body)
    return { status: 200, body }
  },
} satisfies Partial<Handlers>
