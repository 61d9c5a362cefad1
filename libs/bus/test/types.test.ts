import type { Handlers } from '@afo/bus'
import { expect, it } from 'vitest'

/** Held by the type check (`npm run typecheck`), which fails where an expected error doesn't come. */
export const bindings: readonly Handlers[] = [
  {
    'invoice.paid': async ({ body }) => [
      { name: 'invoices.note', key: body.invoiceId, body: { invoiceId: body.invoiceId } },
    ],
  },
  // @ts-expect-error a body that this message doesn't have
  { 'invoice.paid': async ({ body }) => [{ name: 'invoices.note', key: 'k', body: { invoiceId: body.clientId } }] },
  // @ts-expect-error a message that there isn't
  { 'invoice.eaten': async () => [] },
  // @ts-expect-error an answer whose body is another message's
  { 'invoice.paid': async () => [{ name: 'invoices.note', key: 'k', body: { invoiceIds: [] } }] },
]

it('binds a handler to its own message only', () => expect(bindings).toHaveLength(4))
