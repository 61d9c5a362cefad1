import { newId } from '@afo/kit'
import express, { type Request, type Response, Router } from 'express'
import type Provider from 'oidc-provider'
import { denied } from '../accounting/answers.js'
import { cut } from '../accounting/mischief.js'
import { onWire } from '../accounting/wire-answer.js'
import type { WireAnswer } from '../idempotency.js'
import { booksOf } from '../office/pages.js'
import type { Observe } from '../openapi/observed.js'
import type { World } from '../world.js'
import type { Bearer, BearerCheck } from './bearer.js'
import { connectionElement } from './connections.js'
import { consentPage, errorPage, welcomePage } from './pages.js'
import { audience, demoUser } from './provider.js'
import { openidScopes, refusedScopes, resourceScopes } from './scopes.js'

export interface IdentityOptions {
  readonly world: World
  readonly provider: () => Provider
  readonly bearer: BearerCheck
  readonly issuer: () => string
  readonly observe: Observe | undefined
}

/** Login, consent, token and connections, at Xero's own paths. */
export function identityRouter(options: IdentityOptions): Router {
  const { world, provider, issuer } = options
  const router = Router()
  const toProvider = (req: Request, res: Response) => {
    req.url = req.originalUrl
    return provider().callback()(req, res)
  }
  router.get('/', (_req, res) => {
    const books = world.stores.map(booksOf).join('')
    res.type('html').send(welcomePage([...world.apps.values()], issuer(), books))
  })
  router.get('/identity/connect/authorize', (req, res) => authorize(world, req, res) ?? toProvider(req, res))
  router.get('/identity/connect/authorize/:uid', toProvider)
  router
    .route('/identity/consent/:uid')
    .get(showConsent(options))
    .post(express.urlencoded({ extended: false }), decide(options))
  // A secret in the body counts as well as one in the header.
  const authenticated = (req: Request, res: Response) =>
    world.identity.authMethod.run(req.headers.authorization ? 'client_secret_basic' : 'client_secret_post', () =>
      toProvider(req, res),
    )
  router.post('/connect/token', (req, res) => token(world, res, () => authenticated(req, res)))
  router.post('/connect/revocation', authenticated)
  router.use('/connections', connections(options))
  for (const path of [
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/jwks',
    '/connect/userinfo',
  ])
    router.get(path, toProvider)
  return router
}

/** Asks the provider for consent each time, and refuses scopes that this app may not have, which the provider would silently drop. */
function authorize(world: World, req: Request, res: Response): true | undefined {
  const query = new URL(req.originalUrl, 'http://x').searchParams
  const app = world.apps.get(query.get('client_id') ?? '')
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!app?.redirectUris.includes(redirectUri)) {
    const [error, why] = app
      ? ['unauthorized_client', `Invalid redirect_uri: ${redirectUri}. Add it to the app first.`]
      : ['unauthorized_client', 'Unknown client or client not enabled']
    res
      .status(400)
      .type('html')
      .send(errorPage(error, why, [...world.apps.values()]))
    return true
  }
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  const refused = refusedScopes(asked, app.scopes ?? 'granular')
  if (refused.length > 0) {
    const back = new URL(redirectUri)
    back.searchParams.set('error', 'invalid_scope')
    back.searchParams.set('error_description', `Invalid scope for client: ${refused.join(' ')}`)
    const state = query.get('state')
    if (state) back.searchParams.set('state', state)
    res.redirect(302, back.href)
    return true
  }
  query.set('prompt', 'consent')
  req.originalUrl = `/identity/connect/authorize?${query}`
  return undefined
}

const organisationsOf = (world: World) =>
  world.stores.map(({ organisation }) => ({ id: organisation.OrganisationID, name: organisation.Name }))

function showConsent({ world, provider }: IdentityOptions, problem?: string) {
  return async (req: Request, res: Response) => {
    const view = await consentView(world, provider(), req, res)
    if (!view)
      return void res
        .status(400)
        .type('html')
        .send(errorPage('expired', 'This page is too old. Begin again from AmpedFieldOps.', [...world.apps.values()]))
    res
      .status(problem ? 400 : 200)
      .type('html')
      .send(consentPage({ ...view, ...(problem ? { problem } : {}) }))
  }
}

async function consentView(world: World, provider: Provider, req: Request, res: Response) {
  const details = await provider.interactionDetails(req, res).catch(() => undefined)
  const app = details && world.apps.get(String(details.params.client_id))
  if (!details || !app) return undefined
  return {
    uid: details.uid,
    app,
    organisations: organisationsOf(world),
    scopes: String(details.params.scope ?? '').split(' '),
    userName: `${demoUser.givenName} ${demoUser.familyName}`,
  }
}

function decide(options: IdentityOptions) {
  const { world, provider } = options
  return async (req: Request, res: Response) => {
    const form = (req.body ?? {}) as Record<string, string | string[] | undefined>
    const view = await consentView(world, provider(), req, res)
    if (!view) return showConsent(options)(req, res)
    if (form.decision !== 'allow') {
      return provider().interactionFinished(req, res, {
        error: 'access_denied',
        error_description: 'TenantConsent status DENIED',
      })
    }
    const chosen = [form.tenantId ?? []].flat()
    const tenants = view.organisations.filter(({ id }) => chosen.includes(id))
    if (tenants.length === 0) return showConsent(options, 'Choose at least one organisation.')(req, res)

    const { clientId } = view.app
    const grant = new (provider().Grant)({ accountId: demoUser.id, clientId })
    grant.addOIDCScope(view.scopes.filter((scope) => openidScopes.some((known) => known === scope)).join(' '))
    grant.addResourceScope(audience, view.scopes.filter((scope) => resourceScopes.includes(scope)).join(' '))
    const grantId = await grant.save()
    world.connections.connect(demoUser.id, clientId, tenants, newId(), world.clock.now())
    await provider().interactionFinished(req, res, { login: { accountId: demoUser.id }, consent: { grantId } })
  }
}

/** The token endpoint, with its faults. */
async function token(world: World, res: Response, next: () => Promise<void>): Promise<void> {
  const fault = world.faults.take('token', 'POST', '/connect/token', '')
  if (fault?.kind === 'invalid-grant') {
    world.noteGrant('', null, 'invalid_grant')
    return void res.status(400).json({ error: 'invalid_grant' })
  }
  if (fault?.kind === 'token-slow') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 0).unref())
  if (fault?.kind === 'token-reset-after-commit') {
    res.end = ((): Response => {
      cut(res)
      return res
    }) as typeof res.end
  }
  await next()
}

function connections({ world, bearer, observe }: IdentityOptions): Router {
  const router = Router()
  const answered = (req: Request, res: Response, { status, type, body }: WireAnswer) => {
    res.status(status)
    if (type) res.setHeader('Content-Type', type)
    res.end(body)
    const { search } = new URL(req.originalUrl, 'http://x')
    observe?.({
      api: 'identity',
      method: req.method,
      path: `/connections${req.path}`,
      search,
      headers: req.headers,
      body: '',
      answer: { status, type, body },
      tampered: false,
    })
  }
  router.use(async (req, res, next) => {
    const auth = await bearer.check(req.get('authorization'))
    if (!auth.ok) return answered(req, res, onWire(denied(401, auth.detail)))
    res.locals.bearer = auth.bearer
    next()
  })
  router.get('/', (req, res) => {
    const { userId, clientId } = res.locals.bearer as Bearer
    const event = req.query.authEventId
    const mine = world.connections.of(userId, clientId).filter((c) => event === undefined || c.authEventId === event)
    answered(req, res, onWire({ status: 200, body: mine.map(connectionElement) }))
  })
  router.delete('/:id', (req, res) => {
    const { userId, clientId } = res.locals.bearer as Bearer
    const removed = world.connections.remove(
      (c) => c.id === req.params.id && c.userId === userId && c.clientId === clientId,
    )
    answered(req, res, { status: removed > 0 ? 204 : 404, type: '', body: '' })
  })
  return router
}
