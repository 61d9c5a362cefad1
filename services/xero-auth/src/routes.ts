import { createHmac } from 'node:crypto'
import { xeroAuth } from '@afo/contracts'
import { AppError, equalSecrets, newId, parse, type Secret, withContext } from '@afo/kit'
import express, { type RequestHandler, Router } from 'express'
import type { z } from 'zod'
import { authorize, callback } from './handlers/connect.js'
import { deleteCredentials, saveCredentials } from './handlers/credentials.js'
import { disconnect, takeReportOfLoss } from './handlers/disconnect.js'
import { listOrganisations, selectOrganisation } from './handlers/organisations.js'
import { status } from './handlers/status.js'
import type { Ports } from './ports.js'

/** The internal door: for services only, by the service token. Shapes in contracts' `xeroAuth`. */
export function createRoutes(ports: Ports, serviceToken: Secret): Router {
  const { credentials, tokens } = ports
  const router = Router()
  router.use(authenticate(serviceToken))

  // The signature is checked here, so that the key stays in the vault: the raw body comes in, a verdict goes out.
  router.post('/webhook-signature', express.raw({ type: () => true, limit: '1mb' }), async (req, res) => {
    const given = req.get('x-xero-signature') ?? ''
    const body: unknown = req.body
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
    const keys = await credentials.webhookKeys()
    const signatures = keys.map((key) => createHmac('sha256', key.reveal()).update(raw).digest('base64'))
    // Every key is compared: which of them fits shows in no timing.
    const fits = signatures.filter((signature) => equalSecrets(signature, given))
    res.json({ configured: keys.length > 0, valid: fits.length > 0 })
  })

  router.use(express.json({ limit: '64kb' }))

  router.get('/token', async (req, res) => {
    const { stale } = parse(xeroAuth.token.query, req.query, 'query')
    const { tokens: opened, tenantId, tenantName, expiresAt } = await tokens.current(stale)
    res.setHeader('Cache-Control', 'no-store')
    res.json({ accessToken: opened.accessToken.reveal(), tenantId, tenantName, expiresAt })
  })
  router.get('/connection', async (_req, res) => void res.json(await status(ports)))
  router.get('/organisations', async (_req, res) => void res.json(await listOrganisations(ports)))

  /** A route whose body is of this shape, answered with what the work brings, else 204. */
  const takes = <S extends z.ZodType>(shape: S, work: (body: z.output<S>) => Promise<object | undefined>) =>
    (async (req, res) => {
      const answer = await work(parse(shape, req.body, 'body'))
      if (answer === undefined) res.status(204).end()
      else res.json(answer)
    }) satisfies RequestHandler

  router.post(
    '/disconnected',
    takes(xeroAuth.disconnected.body, (report) => takeReportOfLoss(ports, report)),
  )
  router.put(
    '/credentials',
    takes(xeroAuth.saveCredentials.body, (body) => saveCredentials(ports, body)),
  )
  router.put(
    '/secrets',
    takes(xeroAuth.saveSecrets.body, async (body) => void (await ports.alertSecrets.write(body)) as undefined),
  )
  router.get('/secrets', async (_req, res) => {
    const found = Object.entries(await ports.alertSecrets.read()).map(([name, secret]) => [name, secret.reveal()])
    res.setHeader('Cache-Control', 'no-store').json(Object.fromEntries(found))
  })
  router.delete(
    '/credentials',
    takes(xeroAuth.deleteCredentials.body, ({ by }) => deleteCredentials(ports, by)),
  )
  router.post(
    '/authorize',
    takes(xeroAuth.authorize.body, async (body) => ({ url: await authorize(ports, body) })),
  )
  router.post(
    '/callback',
    takes(xeroAuth.callback.body, (body) => callback(ports, body)),
  )
  router.post(
    '/disconnect',
    takes(xeroAuth.disconnect.body, ({ by }) => disconnect(ports, by)),
  )
  router.post(
    '/organisations/select',
    takes(xeroAuth.selectOrganisation.body, (body) => selectOrganisation(ports, body)),
  )
  return router
}

const authenticate =
  (serviceToken: Secret): RequestHandler =>
  (req, _res, next) => {
    if (!equalSecrets(req.get('authorization') ?? '', `Bearer ${serviceToken.reveal()}`)) {
      throw new AppError('invalid', 'This door is for services', { status: 401, code: 'unauthenticated' })
    }
    withContext({ correlationId: req.get('x-request-id') ?? newId() }, () => next())
  }
