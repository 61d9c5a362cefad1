import type { Request } from 'express'
import { requestFingerprint, type WireAnswer } from '../idempotency.js'
import type { World } from '../world.js'
import { malformed } from './answers.js'
import { onWire } from './wire-answer.js'

const longestKey = 128
const keyed = new Set(['POST', 'PUT', 'PATCH'])
const refuse = (message: string) => ({ given: onWire(malformed(message, 10, 'ValidationException')), replayed: false })

/** Does the work, or gives the answer that the same Idempotency-Key got before. */
export async function underKey(
  world: World,
  req: Request,
  clientId: string,
  body: string,
  work: () => Promise<WireAnswer>,
): Promise<{ given: WireAnswer; replayed: boolean }> {
  const key = req.get('idempotency-key')
  if (!key || !keyed.has(req.method)) return { given: await work(), replayed: false }
  if (key.length > longestKey) return refuse(`Idempotency Key: longer than ${longestKey} characters.`)
  const fingerprint = requestFingerprint(req.method, req.originalUrl, body)
  const result = await world.idempotency.run(clientId, key, fingerprint, work)
  if (result.kind === 'mismatch') return refuse(`Idempotency Key: ${key} is used with a different request.`)
  world.touch()
  return { given: result.answer, replayed: result.replayed }
}
