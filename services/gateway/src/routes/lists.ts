import type { Handlers } from '../ports.js'

export const lists = {
  listInvoices: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_invoices', query) }),
  readInvoice: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.invoice(id) }),
  listCostCentres: async ({ query }, { store, config }) => ({
    status: 200,
    body: await store.list('sync_list_cost_centres', { ...query, timeZone: config.BUSINESS_TIME_ZONE }),
  }),
  listClients: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_clients', query) }),
  listItems: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_items', query) }),
  listTimesheets: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_timesheets', query),
  }),
  listAudit: async ({ query }, { store }) => ({ status: 200, body: await store.list('sync_list_audit', query) }),
} satisfies Partial<Handlers>
