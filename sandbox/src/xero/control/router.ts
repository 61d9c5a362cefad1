import express, { type ErrorRequestHandler, type Request, Router } from 'express'
import { z } from 'zod'
import { faultKinds } from '../faults.js'
import { Refused } from './actions.js'
import type { Control } from './control.js'
import {
  accountChange,
  clock,
  contactAction,
  creditNote,
  disconnect,
  fault,
  invoiceAction,
  itemAction,
  limits,
  organisationChange,
  paymentAction,
  taxRateChange,
  trackingChange,
  webhook,
} from './schemas.js'

/** `/_sandbox`: what people do in Xero, and what goes wrong there. Its bodies are described in sandbox/README.md. */
export function controlRouter(control: Control, from: 'loopback' | 'anywhere'): Router {
  const router = Router()
  router.use((req, res, next) =>
    from === 'anywhere' || isLocal(req)
      ? next()
      : void res.status(403).json({ problem: 'The control door opens from this machine only' }),
  )
  router.use(express.json({ limit: '10mb' }))

  const get = (path: string, answer: (req: Request) => unknown) =>
    router.get(path, (req, res) => void res.json(answer(req)))
  const post = <S extends z.ZodType>(path: string, schema: S, act: (body: z.output<S>) => unknown) =>
    router.post(path, async (req, res) => void res.json((await act(schema.parse(req.body ?? {}))) ?? { ok: true }))
  const empty = z.object({})
  const since = (req: Request) => {
    const value = String(req.query.since ?? '0')
    return /^\d+$/.test(value) ? Number(value) : Date.parse(value)
  }
  const tenant = (req: Request) => (typeof req.query.tenantId === 'string' ? req.query.tenantId : undefined)

  get('/', () => ({
    organisations: control
      .organisations()
      .map(({ OrganisationID, Name }) => ({ tenantId: OrganisationID, name: Name })),
    faultKinds,
    limits: control.limits(),
    now: control.world.clock.now(),
  }))
  get('/ledger', (req) => control.ledger(tenant(req)))
  get('/connections', () => control.world.connections.list())
  get('/calls', (req) => ({
    now: control.world.clock.now(),
    byEndpoint: control.callsByEndpoint(since(req)),
    calls: control.calls(since(req)),
  }))
  get('/grants', (req) => control.grants(since(req)))
  get('/faults', () => control.faults())
  get('/limits', () => control.limits())
  get('/webhook', () => control.webhook())
  get('/violations', () => ({ checked: control.violations() !== undefined, violations: control.violations() ?? [] }))

  post('/contacts', contactAction, (body) => {
    const person = control.person(body.tenantId)
    if (body.action === 'create') return person.createContact(body.contact)
    if (body.action === 'edit') return person.editContact(body.id, body.contact)
    if (body.action === 'archive') return person.archiveContact(body.id)
    return body.action === 'restore' ? person.restoreContact(body.id) : person.mergeContact(body.id, body.into)
  })
  post('/items', itemAction, (body) => {
    const person = control.person(body.tenantId)
    if (body.action === 'create') return person.createItem(body.item)
    return body.action === 'edit' ? person.editItem(body.id, body.item) : person.removeItem(body.id)
  })
  post('/invoices', invoiceAction, (body) => {
    const person = control.person(body.tenantId)
    if (body.action === 'create') return person.createInvoice(body.invoice)
    if (body.action === 'edit') return person.editInvoice(body.id, body.invoice)
    if (body.action === 'note') return person.addNote(body.id, body.details)
    const status = { approve: 'AUTHORISED', void: 'VOIDED', delete: 'DELETED' }[body.action]
    return person.editInvoice(body.id, { Status: status })
  })
  post('/payments', paymentAction, (body) => {
    const person = control.person(body.tenantId)
    return body.action === 'remove' ? person.removePayment(body.id) : person.pay(body.invoice, body)
  })
  post('/credit-notes', creditNote, (body) => control.person(body.tenantId).credit(body.invoice, body))
  post('/accounts', accountChange, ({ tenantId, ...change }) => control.setAccount(change, tenantId))
  post('/tax-rates', taxRateChange, ({ tenantId, ...change }) => control.setTaxRate(change, tenantId))
  post('/tracking', trackingChange, ({ tenantId, ...change }) => control.setTracking(change, tenantId))
  post('/organisation', organisationChange, ({ tenantId, ...change }) => control.setOrganisation(change, tenantId))
  post('/disconnect', disconnect, ({ tenantId }) => ({ removed: control.disconnect(tenantId) }))
  post('/expire-refresh-tokens', empty, () => control.expireRefreshTokens())
  post(
    '/apps',
    z.strictObject({
      clientId: z.string(),
      clientSecret: z.string(),
      redirectUris: z.array(z.string()),
      name: z.string().optional(),
      scopes: z.enum(['granular', 'broad']).optional(),
    }),
    (app) => control.setApp(app),
  )
  post('/faults', fault, (body) => control.addFault(body))
  router.delete('/faults', (_req, res) => void res.json({ ok: true, cleared: control.clearFaults() }))
  post('/clock', clock, (body) => ({ now: control.moveClock(body) }))
  router.delete('/calls', (_req, res) => void res.json({ ok: true, cleared: control.clearCalls() }))
  post('/limits', limits, (body) => control.setLimits(body))
  post('/webhook', webhook, (body) => control.setWebhook(body))
  post('/webhook/intent', empty, () => control.intentToReceive())
  post('/reset', empty, () => control.reset())

  router.use(problems)
  return router
}

const problems: ErrorRequestHandler = (thrown, _req, res, next) => {
  if (thrown instanceof Refused)
    return void res.status(thrown.status).json({ problem: thrown.message, messages: thrown.messages })
  if (thrown instanceof z.ZodError) return void res.status(400).json({ problem: z.prettifyError(thrown) })
  if (thrown instanceof SyntaxError) return void res.status(400).json({ problem: thrown.message })
  next(thrown)
}

// Pages of other origins can reach a loopback port too, so a browser's foreign request is refused.
function isLocal(req: Request): boolean {
  const address = req.socket.remoteAddress ?? ''
  const loopback = address === '::1' || /^(::ffff:)?127\./.test(address)
  const origin = req.get('origin')
  return loopback && (origin === undefined || origin === `http://${req.get('host')}`)
}
