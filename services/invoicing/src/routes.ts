import { canTakeSales, canTaxSales, type Reference } from '@afo/billing'
import { parse, type Secret } from '@afo/kit'
import { goneSignal, internalRouter, verdictsRoute } from '@afo/service'
import type { Response, Router } from 'express'
import { readSentinel } from './handlers/check.js'
import { preview, previewQuery } from './handlers/preview.js'
import { giveVerdicts } from './handlers/verdicts.js'
import type { Ports } from './ports.js'

/** What Xero offers to choose from: the active ones that can be used. */
const choices: Readonly<Record<string, (reference: Reference) => readonly object[]>> = {
  accounts: ({ accounts }) =>
    accounts.filter(canTakeSales).map(({ code, name, type, taxType }) => ({ code, name, type, taxType })),
  'tax-rates': ({ taxRates }) =>
    taxRates.filter(canTaxSales).map(({ taxType, name, effectiveRate: rate }) => ({ taxType, name, rate })),
  tracking: ({ tracking }) =>
    tracking
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ name, options }) => ({
        name,
        options: options.filter(({ status }) => status !== 'ARCHIVED').map((option) => option.name),
      })),
}

/** The internal door, for services only. Nothing here writes to Xero; a verdict takes over what Xero turns out to have. */
export function createRoutes(ports: Ports, serviceToken: Secret): Router {
  const router = internalRouter(serviceToken)
  router.get('/preview', async (req, res) => {
    res.json(await preview(ports, parse(previewQuery, req.query, 'query'), goneSignal(res)))
  })
  router.post(
    '/verdicts',
    verdictsRoute((ids, signal) => giveVerdicts(ports, ids, signal)),
  )
  router.get('/sentinel', async (_req, res) => {
    res.json(await readSentinel(ports))
  })
  const reference = (res: Response) => ports.reference({ priority: 'person', signal: goneSignal(res) })
  for (const [name, choose] of Object.entries(choices)) {
    router.get(`/reference/${name}`, async (_req, res) => {
      res.json({ items: choose(await reference(res)) })
    })
  }
  router.get('/reference/organisation', async (_req, res) => {
    const { organisation, timeZone } = await reference(res)
    res.json({ ...organisation, ianaTimeZone: timeZone })
  })
  return router
}
