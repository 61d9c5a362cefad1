import type { history as shape } from '@afo/contracts'
import type { z } from 'zod'
import type { Handlers } from '../ports.js'

/** The time machine: shown, or as a file to keep. */
export const history = {
  readInvoiceHistory: async ({ params: { id }, query }, { store }) => told(await store.invoiceHistory(id), query),
  readClientHistory: async ({ params: { id }, query }, { store }) => told(await store.clientHistory(id), query),
} satisfies Partial<Handlers>

function told(body: z.output<typeof shape>, { download = false }: { readonly download?: boolean | undefined }) {
  if (!download) return { status: 200, body } as const
  const name = `${body.label ?? body.entity} history.json`.replaceAll(/[^A-Za-z0-9 ._-]/g, '_')
  return { status: 200, body, headers: { 'Content-Disposition': `attachment; filename="${name}"` } } as const
}
