import type { billedHereBody } from '@afo/contracts'
import type { z } from 'zod'
import type { Handlers, SignedIn } from '../ports.js'

export const timesheets = {
  readTimesheet: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.timesheet(id) }),
  markBilledElsewhere: ({ body }, ctx) => mark(ctx, true, body),
  unmarkBilledElsewhere: ({ body }, ctx) => mark(ctx, false, body),
} satisfies Partial<Handlers>

async function mark(
  { store, caller }: SignedIn,
  elsewhere: boolean,
  { ids, costCenterId, upTo, reason }: z.output<typeof billedHereBody>,
) {
  const changed = await store.markElsewhere({
    p_ids: ids ?? null,
    p_cost_center_id: costCenterId ?? null,
    p_up_to: upTo ?? null,
    p_elsewhere: elsewhere,
    p_by: caller.name,
    p_reason: reason ?? null,
  })
  return { status: 200, body: { changed } } as const
}
