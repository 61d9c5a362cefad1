import type { Response } from 'express'

/** Waits until the client has taken what was written, or is gone, or the signal aborts. What can't be written any more never drains. */
export function drained(res: Response, signal: AbortSignal): Promise<void> {
  if (signal.aborted || res.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    res.once('drain', done).once('close', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
