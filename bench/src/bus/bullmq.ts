import { Queue, Worker } from 'bullmq'
import type { Side } from './side.js'

/** BullMQ as its documentation says, deleting what is done as the bus does. */
export async function open(redisUrl: string, namespace: string): Promise<Side> {
  const { hostname: host, port } = new URL(redisUrl)
  const connection = { host, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue(namespace, { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } })
  await queue.waitUntilReady()
  let worker: Worker | undefined
  return {
    async send(ids) {
      const [first = ''] = ids
      if (ids.length === 1) await queue.add('note', { invoiceId: first }, { jobId: first })
      else await queue.addBulk(ids.map((id) => ({ name: 'note', data: { invoiceId: id }, opts: { jobId: id } })))
    },
    async handle(concurrency, handled) {
      worker = new Worker(namespace, async (job) => handled(String(job.id)), { connection, concurrency })
      await worker.waitUntilReady()
    },
    async close() {
      await worker?.close()
      await queue.close()
    },
  }
}
