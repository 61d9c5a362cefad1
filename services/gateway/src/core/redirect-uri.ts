/** Where Xero sends browsers back to. Both are served; the first is the default. */
const callbacks = ['/api/xero/callback', '/xero/callback']

export interface SettledRedirectUri {
  readonly uri: string
  /** Why the saved one doesn't fit any more; null where it does, or none was saved. */
  readonly shift: 'localhost' | 'domain' | null
}

const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')

/**
 * The redirect URI to use, by the one that is saved and the public origin. A saved one of this origin stays as it is. Xero takes http for the name
 * localhost only, so that a loopback address is called by that name.
 */
export function settleRedirectUri(saved: string | null, origin: string): SettledRedirectUri {
  const here = new URL(origin)
  if (isLoopback(here.hostname)) here.hostname = 'localhost'
  const uri = new URL(callbacks[0] ?? '', here).href
  const was = saved === null ? null : new URL(saved)
  if (saved === null || was === null) return { uri, shift: null }
  if (was.origin === here.origin && callbacks.includes(was.pathname)) return { uri: saved, shift: null }
  return { uri, shift: isLoopback(was.hostname) && !isLoopback(here.hostname) ? 'localhost' : 'domain' }
}
