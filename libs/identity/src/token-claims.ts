import { z } from 'zod'

const claims = z.object({ authentication_event_id: z.string().optional() })

/**
 * The consent that an access token goes back to, as Xero writes it into the token; null where it doesn't. Used to tell organisations apart, never
 * to trust: the signature isn't checked here.
 */
export function authEventIdOf(accessToken: string): string | null {
  const payload = accessToken.split('.')[1]
  if (!payload) return null
  try {
    const read = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
    return read.data?.authentication_event_id ?? null
  } catch {
    // An opaque token is none of ours to read; all connections count then.
    return null
  }
}
