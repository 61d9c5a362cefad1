import { defineService, jobsOf, referenceOf } from '@afo/service'
import { ianaTimeZone } from '@afo/xero'
import { z } from 'zod'
import { createBooks } from './adapters/books.js'
import { createLedger } from './adapters/ledger.js'
import { createReports } from './adapters/reports.js'
import { createStore } from './adapters/store.js'
import { checkPayments } from './handlers/check.js'
import { compareBooks } from './handlers/compare.js'
import { pollPayments } from './handlers/poll.js'
import type { Ports } from './ports.js'

/** Organisations seldom move. */
const zoneAgeMs = 24 * 3_600_000

/** What customers paid in Xero comes back: every six hours, when a webhook says so, and when somebody asks. Once a night both sides' books are compared. */
export const payments = defineService({
  name: 'payments',
  config: z.object({}),
  xero: true,
  build: (context) => {
    const { db, bus, xero, settings, scale, config } = context
    const read = referenceOf(db, xero, scale.ms(zoneAgeMs))
    const job = jobsOf(context)
    const ports: Ports = {
      store: createStore(db),
      ledger: createLedger(xero),
      books: createBooks(xero),
      reports: createReports(db),
      timeZone: async (signal) => {
        const { organisation } = await read(['organisation'], { priority: 'schedule', signal })
        return ianaTimeZone(organisation.timezone) ?? config.BUSINESS_TIME_ZONE
      },
      settings,
      say: (messages, { id: causationId, correlationId }) =>
        bus.publish(messages, { correlationId, causationId, tenantId: null }),
    }
    return {
      handlers: {
        'payments.poll': job(pollPayments(ports)),
        'books.compare': job(compareBooks(ports)),
        'payments.check': checkPayments(ports),
      },
      schedules: [
        { name: 'payments', cron: '0 */6 * * *', command: 'payments.poll', body: {} },
        { name: 'payments-full', cron: '30 3 * * 0', command: 'payments.poll', body: { full: true } },
        { name: 'reports', cron: '15 4 * * *', command: 'books.compare', body: {} },
      ],
    }
  },
})
