import { createHmac } from 'node:crypto'
import { xeroAuth } from '@afo/contracts'
import { AppError, equalSecrets, newId, parse, type Secret, withContext } from '@afo/kit'
import express, { type RequestHandler, Router } from 'express'
import { authorize, callback } from './handlers/connect.js'
import { deleteCredentials, saveCredentials } from './handlers/credentials.js'
import { disconnect } from './handlers/disconnect.js'
import { listOrganisations, selectOrganisation } from './handlers/organisations.js'
import { status } from './handlers/status.js'
import type { Ports } from './ports.js'

/** The internal door: for services only, by the service token. Shapes in contracts' `xeroAuth`. */
export function createRoutes(ports: Ports, serviceToken: Secret): Router {
  const { store, credentials, tokens, announce } = ports
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
    res.json({ accessToken: opened.access.reveal(), tenantId, tenantName, expiresAt })
  })

  router.post('/disconnected', async (req, res) => {
    const { tenantId, reason } = parse(xeroAuth.disconnected.body, req.body, 'body')
    const marked = await store.lost(tenantId, {
      code: 'AFO-101',
      reason,
      version: null,
      settledMs: ports.times.settledMs,
    })
    if (marked) await announce()
    res.json({ marked })
  })

  router.get('/connection', async (_req, res) => {
    res.json(await status(ports))
  })

  router.put('/credentials', async (req, res) => {
    await saveCredentials(ports, parse(xeroAuth.saveCredentials.body, req.body, 'body'))
    res.status(204).end()
  })

  router.delete('/credentials', async (req, res) => {
    const { by } = parse(xeroAuth.deleteCredentials.body, req.body, 'body')
    res.json(await deleteCredentials(ports, by))
  })

  router.post('/authorize', async (req, res) => {
    res.json({ url: await authorize(ports, parse(xeroAuth.authorize.body, req.body, 'body')) })
  })

  router.post('/callback', async (req, res) => {
    res.json(await callback(ports, parse(xeroAuth.callback.body, req.body, 'body')))
  })

  router.post('/disconnect', async (req, res) => {
    res.json(await disconnect(ports, parse(xeroAuth.disconnect.body, req.body, 'body').by))
  })

  router.get('/organisations', async (_req, res) => {
    res.json(await listOrganisations(ports))
  })

  router.post('/organisations/select', async (req, res) => {
    res.json(await selectOrganisation(ports, parse(xeroAuth.selectOrganisation.body, req.body, 'body')))
  })
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
