import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError, newId, type Secret, withContext } from '@afo/kit'
import type { RequestHandler } from 'express'

/** Lets in who shows the service credential, and nobody else; the work behind is logged under the caller's request id. */
export const servicesOnly =
  (serviceToken: Secret): RequestHandler =>
  (req, _res, next) => {
    if (!equal(req.get('authorization') ?? '', `Bearer ${serviceToken.reveal()}`)) {
      throw new AppError('invalid', 'This door is for services', { status: 401, code: 'unauthenticated' })
    }
    withContext({ correlationId: req.get('x-request-id') ?? newId() }, () => next())
  }

const digest = (text: string) => createHash('sha256').update(text).digest()
const equal = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
