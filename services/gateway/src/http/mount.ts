import { AppError, createApp, newId, parse } from '@afo/kit'
import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import { audit } from '../door/audit.js'
import { crossOrigin, requestId, securityHeaders } from '../door/headers.js'
import { limit } from '../door/limits.js'
import { forbidden } from '../door/sessions.js'
import type { Ports } from '../ports.js'
import { readBytes, readJson } from './body.js'
import { consolePages } from './console.js'
import { once } from './once.js'
import type { AnyAnswer, AnyRoute, Input, RequestContext } from './route.js'

const noFields = z.strictObject({})

/** An Express app of the table, every route at its path and under /api. What fails goes on to the caller's problem handler. */
export function mount(routes: readonly AnyRoute[], ports: Ports): Express {
  const app = createApp()
  app.set('trust proxy', trusted(ports.config.TRUST_PROXY))
  app.use(requestId, crossOrigin(ports.config.FRONTEND_URL), securityHeaders(ports.config))
  app.use(consolePages(ports))
  for (const route of routes) {
    app[route.method]([route.path, `/api${route.path}`], (req, res) => handle(route, ports, req, res))
  }
  return app
}

const trusted = (setting: string | undefined) =>
  setting === undefined ? false : /^\d+$/.test(setting) ? Number(setting) : setting

/** One request: limits, who it is, what it says, whether it was asked before, do it, answer. */
async function handle(route: AnyRoute, ports: Ports, req: Request, res: Response): Promise<void> {
  const ctx = await enter(route, ports, req, res)
  const input = await readInput(route, req, res)
  const answer = await once(route, input, ctx, async (commandId) => {
    const context = { ...ctx, commandId }
    await audit(route, input, context)
    return checked(route, await route.handle(input, context), ports)
  })
  await send(answer, res)
}

/** The door: an address's limit, then the session, the role and the person's own limit. */
async function enter(route: AnyRoute, ports: Ports, req: Request, res: Response): Promise<RequestContext> {
  const { config, sessions } = ports
  const address = req.ip ?? 'unknown'
  if (route.rate !== 'none') await limit(ports, `address:${address}`, config.RATE_PER_ADDRESS)
  if (route.rate === 'auth') await limit(ports, `auth:${address}`, config.RATE_PER_ADDRESS_AUTH)
  const session = route.access === 'public' ? undefined : await sessions.authenticate(req.get('authorization'))
  if (session) await limit(ports, `user:${session.caller.id}`, config.RATE_PER_USER)
  if (route.access === 'admin' && session?.caller.role !== 'admin')
    throw forbidden('Accountants see everything and change nothing. Ask an admin.')
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  return {
    ...ports,
    caller: session?.caller ?? null,
    requestId: res.locals.requestId as string,
    commandId: newId(),
    signal: AbortSignal.any([ports.signal, gone.signal]),
    origin: config.PUBLIC_URL ? new URL(config.PUBLIC_URL).origin : `${req.protocol}://${req.host}`,
    req,
  }
}

async function readInput(route: AnyRoute, req: Request, res: Response): Promise<Input<unknown, unknown, unknown>> {
  const params = parse(route.params ?? z.object({}), req.params, 'path')
  const query = parse(route.query ?? noFields, req.query, 'query')
  const body = route.raw ? await readBytes(req, res) : parse(route.body ?? noFields, await readJson(req, res), 'body')
  return { params, query, body }
}

/** Outside production an answer that isn't as declared is a bug that shows at once. */
function checked(route: AnyRoute, answer: AnyAnswer, { config }: Ports): AnyAnswer {
  if (config.NODE_ENV === 'production') return answer
  const shape = route.answers[answer.status]
  if (shape === undefined) throw new AppError('bug', `${route.path} answers an undeclared ${answer.status}`)
  if ('media' in shape || 'nothing' in shape) return answer
  const read = shape.safeParse(answer.body)
  if (!read.success) throw new AppError('bug', `${route.path} answers what it doesn't declare`, { cause: read.error })
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
