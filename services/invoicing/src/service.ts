import { env, newId } from '@afo/kit'
import { defineService, jobsOf, publishCommand, referenceOf } from '@afo/service'
import { ianaTimeZone } from '@afo/xero'
import { z } from 'zod'
import { createLedger } from './adapters/ledger.js'
import { createStore } from './adapters/store.js'
import { type CheckPorts, checkBilling } from './handlers/check.js'
import { createInvoices } from './handlers/create.js'
import { type ResumePorts, resumeBilling } from './handlers/linked.js'
import { writeNote } from './handlers/note.js'
import { settleInvoices } from './handlers/settle.js'
import { voidInvoice } from './handlers/void.js'
import { type Ports, timesOf } from './ports.js'
import { createRoutes } from './routes.js'
import { runSweep } from './sweep.js'

const config = z.object({
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  FRONTEND_URL: env.url().optional().describe('Where the console lives: invoices in Xero link back to it'),
})

/** Approved timesheets become invoices in Xero, each exactly once. */
export const invoicing = defineService({
  name: 'invoicing',
  config,
  xero: true,
  build: (context) => {
    const { db, bus, xero, settings, scale, log, signal, closers, config } = context
    const times = timesOf(scale)
    const reading = (maxAgeMs: number): Ports['reference'] => {
      const read = referenceOf(db, xero, maxAgeMs)
      return async (options) => {
        const known = await read(['organisation', 'accounts', 'taxRates', 'tracking'], options)
        return { ...known, timeZone: ianaTimeZone(known.organisation.timezone) ?? config.BUSINESS_TIME_ZONE }
      }
    }
    const ports: Ports & ResumePorts & CheckPorts = {
      store: createStore(db),
      ledger: createLedger(xero),
      reference: reading(times.referenceMs),
      fresh: reading(0),
      recent: reading(times.recheckMs),
      settings,
      say: (messages, { id: causationId, correlationId }) =>
        bus.publish(messages, { correlationId, causationId, tenantId: null }),
      command: (command) => publishCommand({ db, bus }, command),
      times,
      pageUrl: linkable(config.FRONTEND_URL),
      zone: config.BUSINESS_TIME_ZONE,
      newId,
      now: () => new Date().toISOString(),
    }
    const sweeping = runSweep({ ...ports, log }, signal)
    closers.add('sweep', () => sweeping)
    const job = jobsOf(context)
    return {
      handlers: {
        'invoices.create': job(createInvoices(ports)),
        'invoices.check': job(checkBilling(ports)),
        'invoices.settle': settleInvoices(ports),
        'invoices.note': writeNote(ports),
        'invoices.void': job(voidInvoice(ports)),
        'contact.linked': resumeBilling(ports),
      },
      schedules: [{ name: 'sentinel', cron: '45 */6 * * *', command: 'invoices.check', body: { fresh: true } }],
      routes: createRoutes(ports, config.SERVICE_TOKEN),
    }
  },
})

/** Xero refuses links that point to itself. */
const linkable = (url: string | undefined): string | null => (url && !/xero/i.test(url) ? url.replace(/\/$/, '') : null)
