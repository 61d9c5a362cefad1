/** One of the systems compared: it sends numbered no-op messages and handles each exactly once. */
export interface Side {
  /** Resolves when all are accepted. */
  send(ids: readonly string[]): Promise<void>
  /** Calls back at the start of each handling. */
  handle(concurrency: number, handled: (id: string) => void): Promise<void>
  close(): Promise<void>
}

export const sides = ['bus', 'BullMQ', 'bare ioredis'] as const
export type SideName = (typeof sides)[number]

export async function openSide(name: SideName, redisUrl: string, namespace: string): Promise<Side> {
  const { open } = await {
    bus: () => import('./ours.js'),
    BullMQ: () => import('./bullmq.js'),
    'bare ioredis': () => import('./bare.js'),
  }[name]()
  return open(redisUrl, namespace)
}
