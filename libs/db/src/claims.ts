import { z } from 'zod'

export interface TokenRules {
  /** The only issuer accepted. */
  readonly issuer: string
  /** Whether a token must name its issuer (Supabase's do; the local stack's don't). */
  readonly issuerRequired: boolean
}

// Never 'none', and none that a public key could be passed off as a secret for: Supabase Auth itself checks the signature.
const algorithms = ['HS256', 'ES256', 'RS256'] as const

const header = z.looseObject({ alg: z.enum(algorithms) })
const claims = z.looseObject({
  sub: z.string().min(1),
  exp: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
  iss: z.string().optional(),
  nbf: z.number().optional(),
})

export interface Claims {
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * What a session's token says about itself, or null where it isn't one of ours or has expired. Supabase Auth checks the signature but accepts foreign
 * audiences and issuers, so both are checked here. Not a proof by itself.
 * @param now milliseconds since 1970
 */
export function readClaims(token: string, { issuer, issuerRequired }: TokenRules, now: number): Claims | null {
  const parts = token.split('.')
  if (parts.length !== 3 || token.length > 8_192) return null
  const head = header.safeParse(decode(parts[0]))
  const body = claims.safeParse(decode(parts[1]))
  if (!head.success || !body.success) return null
  const { aud, iss, exp, nbf, sub } = body.data
  const audiences = typeof aud === 'string' ? [aud] : aud
  if (!audiences.includes('authenticated')) return null
  if (iss === undefined ? issuerRequired : iss !== issuer) return null
  if (exp * 1000 <= now || (nbf !== undefined && nbf * 1000 > now + 30_000)) return null
  return { subject: sub, expiresAt: exp * 1000 }
}

function decode(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
