import type { Handlers, RequestContext } from '../ports.js'

export const costCentres = {
  readCostCentre: ({ params: { id } }, ctx) => read(ctx, id),
  changeCostCentre: async ({ params: { id }, body }, ctx) => {
    await ctx.store.changeCostCentre(id, body)
    return read(ctx, id)
  },
} satisfies Partial<Handlers>

const read = async ({ store, config }: RequestContext, id: string) =>
  ({ status: 200, body: await store.costCentre(id, config.BUSINESS_TIME_ZONE) }) as const
