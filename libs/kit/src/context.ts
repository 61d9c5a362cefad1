import { AsyncLocalStorage } from 'node:async_hooks'

/** What every log line and Xero call of one piece of work is marked with. */
export interface WorkContext {
  readonly correlationId: string
  readonly causationId?: string | undefined
  readonly message?: string | undefined
}

const storage = new AsyncLocalStorage<WorkContext>()

/** Runs `work` with a context that logs and calls inside it pick up. */
export function withContext<T>(context: WorkContext, work: () => T): T {
  return storage.run(context, work)
}

export function currentContext(): WorkContext | undefined {
  return storage.getStore()
}
