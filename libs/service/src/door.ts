import { createHash, timingSafeEqual } from 'node:crypto'
import { type Verdict, verdictsBody } from '@afo/contracts'
import { AppError, newId, parse, readJson, type Secret, withContext } from '@afo/kit'
import { type RequestHandler, type Response, Router } from 'express'

/** Lets in who shows the service credential, and nobody else; the work behind is logged under the caller's request id. */
export const servicesOnly =
  (serviceToken: Secret): RequestHandler =>
  (req, _res, next) => {
    if (!equal(req.get('authorization') ?? '', `Bearer ${serviceToken.reveal()}`)) {
      throw new AppError('invalid', 'This door is for services', { status: 401, code: 'unauthenticated' })
    }
    withContext({ correlationId: req.get('x-request-id') ?? newId() }, () => next())
  }

/** A service's internal door: nobody comes in without the service credential. */
export function internalRouter(serviceToken: Secret): Router {
  const router = Router()
  router.use(servicesOnly(serviceToken))
  return router
}

/** Aborts when the caller has gone. */
export function goneSignal(res: Response): AbortSignal {
  const controller = new AbortController()
  res.once('close', () => controller.abort())
  return controller.signal
}

type GiveVerdicts = (
  ids: readonly string[],
  signal: AbortSignal,
) => Promise<readonly { readonly entityId: string; readonly verdict: Verdict }[]>

/** `POST /verdicts { ids }`: what Xero has of things that failed. */
export const verdictsRoute =
  (give: GiveVerdicts): RequestHandler =>
  async (req, res) => {
    const { ids } = parse(verdictsBody, await readJson(req, res), 'body')
    res.json({ verdicts: await give(ids, goneSignal(res)) })
  }

const digest = (text: string) => createHash('sha256').update(text).digest()
const equal = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
