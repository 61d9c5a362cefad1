import { AppError } from '@afo/kit'
import { z } from 'zod'

const document = z.object({
  issuer: z.string().min(1),
  code_challenge_methods_supported: z.array(z.string()).optional(),
})

export interface Discovered {
  readonly issuer: string
  /** S256 is listed. */
  readonly pkce: boolean
}

/** Xero's own, known well enough to go on when its discovery document can't be had for a moment. */
const xero: Discovered & { readonly url: string } = {
  url: 'https://identity.xero.com',
  issuer: 'https://identity.xero.com',
  pkce: false,
}

const KEPT_FOR_MS = 3_600_000

/** Reads the discovery document, at most once an hour. @throws AppError `unavailable` */
export function createDiscovery(identityUrl: string, deadlineMs: number): () => Promise<Discovered> {
  let kept: { readonly found: Discovered; readonly at: number } | undefined
  return async () => {
    if (kept && performance.now() - kept.at < KEPT_FOR_MS) return kept.found
    try {
      const answer = await fetch(new URL('/.well-known/openid-configuration', identityUrl), {
        signal: AbortSignal.timeout(Math.round(deadlineMs)),
      })
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      const { issuer, code_challenge_methods_supported: methods } = document.parse(await answer.json())
      kept = { found: { issuer, pkce: methods?.includes('S256') ?? false }, at: performance.now() }
      return kept.found
    } catch (cause) {
      if (kept) return kept.found
      if (new URL(identityUrl).origin === xero.url) return xero
      throw new AppError('unavailable', "Xero's identity server did not answer", {
        code: 'identity-unavailable',
        cause,
      })
    }
  }
}
