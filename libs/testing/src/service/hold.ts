import type { FaultRequest, XeroSandbox } from '@afo/sandbox/xero'

type Held = Omit<FaultRequest, 'kind' | 'ms' | 'until'> & { readonly kind?: 'slow' | 'slow-after-commit' }

export interface Hold {
  /** How many calls it has met. */
  readonly met: () => number
  letGo(): void
}

/** Calls to Xero that stand still, before Xero does them or (unless told otherwise) with its answer, until they are let go. */
export function holds(xero: XeroSandbox) {
  const standing = new Set<() => void>()
  return {
    hold({ kind = 'slow-after-commit', ...which }: Held): Hold {
      let letGo = () => {}
      const until = new Promise<void>((resolve) => {
        letGo = resolve
      })
      standing.add(letGo)
      const fault = xero.control.addFault({ ...which, kind, until })
      return { met: () => fault.applied, letGo }
    },
    letAllGo(): void {
      for (const letGo of standing) letGo()
      standing.clear()
    },
  }
}
