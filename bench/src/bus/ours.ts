import { connectBus } from '@afo/bus'
import { createLog, createRegistry, timeScale } from '@afo/kit'
import type { Side } from './side.js'

/** The bus as a service opens it, real durations, logs and metrics included. */
export async function open(redisUrl: string, prefix: string): Promise<Side> {
  const bus = await connectBus({
    redisUrl,
    prefix,
    service: 'invoicing',
    log: createLog('bench', 'info'),
    registry: createRegistry('bench'),
    scale: timeScale(1, false),
  })
  return {
    send: (ids) =>
      bus.publish(
        ids.map((id) => ({ name: 'invoices.note', key: id, id, body: { invoiceId: id } })),
        { correlationId: 'bench', causationId: null, tenantId: null },
      ),
    async handle(concurrency, handled) {
      const handler = async ({ id }: { id: string }) => {
        handled(id)
        return []
      }
      bus.consume({ handlers: { 'invoices.note': handler }, concurrency })
    },
    close: () => bus.close(),
  }
}
