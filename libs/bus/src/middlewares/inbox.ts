import type { Message, NewMessage } from '@afo/contracts'
import type { Middleware } from '../types.js'

/** What a service remembers of the messages it has handled: in the same place as their effects, or it may know less than has happened. */
export interface Inbox {
  /** What was said then; null for a message that wasn't handled yet. */
  recall(message: Message): Promise<readonly NewMessage[] | null>
  remember(message: Message, said: readonly NewMessage[]): Promise<void>
}

/** Doesn't handle a repeat again, but says again what was said: for handlers whose effect has no state of its own that tells a repeat. */
export const inbox =
  (kept: Inbox): Middleware =>
  (next) =>
  async (message, ctx) => {
    const before = await kept.recall(message)
    if (before) return before
    const said = await next(message, ctx)
    await kept.remember(message, said)
    return said
  }
