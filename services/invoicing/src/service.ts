import { env, newId } from '@afo/kit'
import { defineService, jobsOf, publishCommand } from '@afo/service'
import { z } from 'zod'
import { createLedger } from './adapters/ledger.js'
import { createReference } from './adapters/reference.js'
import { createStore } from './adapters/store.js'
import { createInvoices } from './handlers/create.js'
import { resumeBilling } from './handlers/linked.js'
import { writeNote } from './handlers/note.js'
import { settleInvoices } from './handlers/settle.js'
import { voidInvoice } from './handlers/void.js'
import type { Ports } from './ports.js'
import { createRoutes } from './routes.js'
import { runSweep } from './sweep.js'
import { timesOf } from './times.js'

const config = z.object({
  SERVICE_TOKEN: env.secret().describe('The credential that services show to each other'),
  FRONTEND_URL: env
    .list()
    .default([])
    .describe('The first one is where the console lives: invoices in Xero link back to it'),
})

/** Approved timesheets become invoices in Xero, each exactly once. */
export const invoicing = defineService({
  name: 'invoicing',
  config,
  xero: true,
  build: (context) => {
    const { db, bus, xero, settings, scale, log, signal, closers, config } = context
    const { referenceMs, sweepMs, ...times } = timesOf(scale)
    const job = jobsOf(context)
    const ports: Ports = {
      store: createStore(db),
      ledger: createLedger(xero),
      reference: createReference(db, xero, referenceMs, config.BUSINESS_TIME_ZONE),
      settings,
      say: (messages, { id: causationId, correlationId }) =>
        bus.publish(messages, { correlationId, causationId, tenantId: null }),
      times,
      pageUrl: linkable(config.FRONTEND_URL[0]),
      newId,
      now: () => new Date().toISOString(),
    }
    const resuming = {
      ...ports,
      command: (command: Parameters<typeof publishCommand>[1]) => publishCommand({ db, bus }, command),
    }
    const sweeping = runSweep({ ...resuming, log, everyMs: sweepMs, againMs: times.leaseMs }, signal)
    closers.add('sweep', () => sweeping)
    return {
      handlers: {
        'invoices.create': job(createInvoices(ports)),
        'invoices.settle': settleInvoices(ports),
        'invoices.note': writeNote(ports),
        'invoices.void': job(voidInvoice(ports)),
        'contact.linked': resumeBilling(resuming),
      },
      routes: createRoutes(ports, config.SERVICE_TOKEN),
    }
  },
})

/** Xero refuses links that point to itself. */
const linkable = (url: string | undefined): string | null => (url && !/xero/i.test(url) ? url.replace(/\/$/, '') : null)
