/** Holds each piece of work (a message handled, a request answered) to the organisation that it called first. */
export function createPins(work: () => object | undefined) {
  const first = new WeakMap<object, string>()
  return {
    /** Whether the work at hand has called no other organisation than this one. */
    keeps(tenantId: string): boolean {
      const at = work()
      if (at === undefined) return true
      if (!first.has(at)) first.set(at, tenantId)
      return first.get(at) === tenantId
    },
    /** The organisation that the work at hand has called; null before its first call. */
    current: (): string | null => first.get(work() ?? first) ?? null,
  }
}
