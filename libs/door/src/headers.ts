import { newId, withContext } from '@afo/kit'
import cors from 'cors'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { DoorPorts } from './ports.js'

const sane = /^[\w.:-]{8,100}$/

/** Names the request: by the id it brings where that is sane, else by a new one. Logs, problems and messages carry it. */
export const requestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id')
  const correlationId = given !== undefined && sane.test(given) ? given : newId()
  res.locals.requestId = correlationId
  res.setHeader('X-Request-Id', correlationId)
  withContext({ correlationId }, next)
}

/** Security headers. The policy lets the console talk to this origin and to Supabase, and nobody frame it. */
export function securityHeaders(config: DoorPorts['config']): RequestHandler {
  const supabase = new URL(config.SUPABASE_PUBLIC_URL ?? config.SUPABASE_URL).origin
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'", supabase],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        manifestSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The component library sets style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** Browsers of the listed origins may call; sessions travel in the Authorization header, so no cookie is ever let through. */
export const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({
    origin: origins.map((url) => new URL(url).origin),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'X-Request-Id'],
    exposedHeaders: ['Content-Disposition', 'Idempotent-Replayed', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  })
