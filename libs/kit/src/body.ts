import express, { type Request, type RequestHandler, type Response } from 'express'
import { AppError } from './errors.js'

const MOST_BYTES = 100 * 1024

const json = express.json({ limit: MOST_BYTES, type: 'application/json', inflate: false })
// Xero sends many notices at once.
const bytes = express.raw({ limit: 1024 * 1024, type: () => true, inflate: false })

const run = (handler: RequestHandler, req: Request, res: Response) =>
  new Promise<void>((resolve, reject) => {
    void handler(req, res, (thrown?: unknown) => (thrown === undefined ? resolve() : reject(thrown)))
  })

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0

/**
 * The body as JSON; an absent one is an empty object.
 * @throws AppError 415 for another content type; body-parser's 400 (not JSON) and 413 (too large)
 */
export async function readJson(req: Request, res: Response): Promise<unknown> {
  if (!hasBody(req)) return {}
  if (req.is('application/json') === false)
    throw new AppError('invalid', 'The body must be JSON (Content-Type: application/json)', {
      status: 415,
      code: 'unsupported-media-type',
    })
  await run(json, req, res)
  return req.body
}

/** The body as it came, byte for byte. @throws body-parser's 413 */
export async function readBytes(req: Request, res: Response): Promise<Buffer> {
  if (!hasBody(req)) return Buffer.alloc(0)
  await run(bytes, req, res)
  return req.body as Buffer
}
