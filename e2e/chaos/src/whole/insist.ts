import { setTimeout as wait } from 'node:timers/promises'
import { Unexpected } from '@afo/sandbox/story'

/** Again until it works: people don't give up because something is down. @throws after ten minutes, with the last reason */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 600_000; ; await wait(250)) {
    try {
      return await act()
    } catch (thrown) {
      if (Date.now() > deadline || (thrown instanceof Unexpected && / answered 4(00|04|22)/.test(thrown.message)))
        throw thrown
    }
  }
}
