import type { Endpoint } from '@afo/contracts'
import { AppError, createApp, createEndings, newId, parse, readBytes, readJson } from '@afo/kit'
import type { Express, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { audit } from './audit.js'
import type { AnyAnswer, AnyHandler, HandlersOf, Input, RequestContextOf, Table } from './handler.js'
import { crossOrigin, requestId, securityHeaders } from './headers.js'
import { limit } from './limits.js'
import { once } from './once.js'
import type { DoorPorts } from './ports.js'
import { authenticate, forbidden } from './sessions.js'

const noFields = z.strictObject({})

/**
 * An Express app of a table of endpoints, each at its path and under /api. What fails goes on to the caller's problem handler.
 * @param pages what else is served behind the same headers, before the endpoints
 */
export function mount<T extends Table, P extends DoorPorts>(
  endpoints: T,
  handlers: HandlersOf<T, P>,
  ports: P,
  pages: readonly RequestHandler[] = [],
): Express {
  const app = createApp()
  app.set('trust proxy', trusted(ports.config.TRUST_PROXY))
  app.use(requestId, crossOrigin(ports.config.FRONTEND_URL), securityHeaders(ports.config))
  for (const page of pages) app.use(page)
  const requests = createEndings()
  ports.signal.addEventListener('abort', requests.endAll, { once: true })
  const signalOf = (res: Response) => {
    const request = requests.begin()
    res.once('close', () => requests.end(request))
    return request.signal
  }
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const handler = handlers[name] as unknown as AnyHandler
    app[endpoint.method]([endpoint.path, `/api${endpoint.path}`], (req, res) =>
      answer(endpoint, handler, ports, signalOf(res), req, res),
    )
  }
  return app
}

const trusted = (setting: string | undefined) =>
  setting === undefined ? false : /^\d+$/.test(setting) ? Number(setting) : setting

/** One request: limits, who it is, what it says, whether it was asked before, do it, answer. */
async function answer(
  endpoint: Endpoint,
  handler: AnyHandler,
  ports: DoorPorts,
  signal: AbortSignal,
  req: Request,
  res: Response,
): Promise<void> {
  const ctx = { ...(await enter(endpoint, ports, req, res)), signal }
  const input = await readInput(endpoint, req, res)
  const given = await once(endpoint, input, ctx, async (commandId) => {
    const context = { ...ctx, commandId }
    await audit(endpoint, input, context)
    return checked(endpoint, await handler(input, context), ports)
  })
  await send(given, res)
}

/** The door: an address's limit, then the session, the role and the person's own limit. */
async function enter(endpoint: Endpoint, ports: DoorPorts, req: Request, res: Response): Promise<RequestContextOf> {
  const { config, sessions } = ports
  const address = req.ip ?? 'unknown'
  if (endpoint.rate !== 'none') await limit(ports, `address:${address}`, config.RATE_PER_ADDRESS)
  if (endpoint.rate === 'auth') await limit(ports, `auth:${address}`, config.RATE_PER_ADDRESS_AUTH)
  const session = endpoint.access === 'public' ? undefined : await authenticate(sessions, req.get('authorization'))
  if (session) await limit(ports, `user:${session.caller.id}`, config.RATE_PER_USER)
  if (endpoint.access === 'admin' && session?.caller.role !== 'admin')
    throw forbidden('Accountants see everything and change nothing. Ask an admin.')
  return {
    ...ports,
    caller: session?.caller ?? null,
    requestId: res.locals.requestId as string,
    commandId: newId(),
    origin: config.PUBLIC_URL ? new URL(config.PUBLIC_URL).origin : `${req.protocol}://${req.host}`,
    req,
  }
}

async function readInput(endpoint: Endpoint, req: Request, res: Response): Promise<Input> {
  const params = parse(endpoint.params ?? z.object({}), req.params, 'path')
  const query = parse(endpoint.query ?? noFields, req.query, 'query')
  const body = endpoint.raw
    ? await readBytes(req, res)
    : parse(endpoint.body ?? noFields, await readJson(req, res), 'body')
  return { params, query, body }
}

/** Outside production an answer that isn't as declared is a bug that shows at once. */
function checked(endpoint: Endpoint, answer: AnyAnswer, { config }: DoorPorts): AnyAnswer {
  if (config.NODE_ENV === 'production') return answer
  const shape = endpoint.answers[answer.status]
  if (shape === undefined) throw new AppError('bug', `${endpoint.path} answers an undeclared ${answer.status}`)
  if ('media' in shape || 'nothing' in shape) return answer
  const read = shape.safeParse(answer.body)
  if (!read.success)
    throw new AppError('bug', `${endpoint.path} answers what it doesn't declare`, { cause: read.error })
  return answer
}

async function send({ status, headers = {}, body, send: write }: AnyAnswer, res: Response): Promise<void> {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store')
  res.status(status)
  if (write) await write(res)
  else if (body === undefined) res.end()
  else res.json(body)
}
