import { dateText, id } from '@afo/contracts'
import { parse, type Secret } from '@afo/kit'
import { servicesOnly } from '@afo/service'
import { type Request, Router } from 'express'
import { z } from 'zod'
import { planInvoice } from './core/plan.js'
import { showPlans } from './core/preview.js'
import { canTakeSales, canTaxSales } from './core/reference.js'
import { periodOf } from './handlers/create.js'
import type { Ports } from './ports.js'

const previewQuery = z.strictObject({
  costCenterId: id.optional(),
  from: dateText.optional(),
  to: dateText.optional(),
  dueDate: dateText.optional(),
})

/** The internal door, for services only: previews, and what Xero offers to choose from. Nothing here writes to Xero or to an invoice. */
export function createRoutes(ports: Ports, serviceToken: Secret): Router {
  const { store, settings } = ports
  const router = Router()
  router.use(servicesOnly(serviceToken))
  const reference = (req: Request) => ports.reference({ priority: 'person', signal: goneSignal(req) })

  router.get('/preview', async (req, res) => {
    const query = parse(previewQuery, req.query, 'query')
    const setting = await settings.read('invoicing')
    const known = await reference(req)
    const period = periodOf(query, setting, known)
    const ids = query.costCenterId ? [query.costCenterId] : await store.candidates(period)
    const { now, sources } = await store.sources(ids, period, setting.numberPrefix)
    const plans = sources.map((source) => planInvoice(source, query, setting, known, now))
    const next = await store.nextNumber(setting.numberPrefix, setting.numberStart)
    const series = { prefix: setting.numberPrefix, width: setting.numberWidth, next }
    res.json({ invoices: showPlans(plans, sources, known, series) })
  })
  router.get('/reference/accounts', async (req, res) => {
    const { accounts } = await reference(req)
    res.json({
      items: accounts.filter(canTakeSales).map(({ code, name, type, taxType }) => ({ code, name, type, taxType })),
    })
  })
  router.get('/reference/tax-rates', async (req, res) => {
    const { taxRates } = await reference(req)
    res.json({
      items: taxRates
        .filter(canTaxSales)
        .map(({ taxType, name, effectiveRate }) => ({ taxType, name, rate: effectiveRate })),
    })
  })
  router.get('/reference/tracking', async (req, res) => {
    const { tracking } = await reference(req)
    const active = tracking.filter(({ status }) => status === 'ACTIVE')
    res.json({
      items: active.map(({ name, options }) => ({
        name,
        options: options.filter((o) => o.status !== 'ARCHIVED').map((o) => o.name),
      })),
    })
  })
  router.get('/reference/organisation', async (req, res) => {
    const { organisation, timeZone } = await reference(req)
    res.json({ ...organisation, ianaTimeZone: timeZone })
  })
  return router
}

/** Aborts when the caller has gone. */
function goneSignal(req: Request): AbortSignal {
  const controller = new AbortController()
  req.once('close', () => controller.abort())
  return controller.signal
}
