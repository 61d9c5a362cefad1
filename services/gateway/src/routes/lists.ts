import type { ListName } from '../adapters/store.js'
import type { Handlers, RequestContext } from '../ports.js'

type Asked = { readonly query: Readonly<Record<string, unknown>> }

/** Answers one page of a list as its function gives it. */
export const listed =
  <N extends ListName>(name: N) =>
  async ({ query }: Asked, { store }: RequestContext) =>
    ({ status: 200, body: await store.list(name, query) }) as const

export const lists = {
  listInvoices: listed('sync_list_invoices'),
  readInvoice: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.invoice(id) }),
  listCostCentres: async ({ query }, { store, config }) => ({
    status: 200,
    body: await store.list('sync_list_cost_centres', { ...query, timeZone: config.BUSINESS_TIME_ZONE }),
  }),
  listClients: listed('sync_list_clients'),
  listItems: listed('sync_list_items'),
  listTimesheets: listed('sync_list_timesheets'),
  listAudit: listed('sync_list_audit'),
} satisfies Partial<Handlers>
