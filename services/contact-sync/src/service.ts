import { env, newId } from '@afo/kit'
import { defineService, internalRouter, jobsOf, verdictsRoute } from '@afo/service'
import { z } from 'zod'
import { createStore } from './adapters/store.js'
import { createContacts } from './adapters/xero.js'
import { planContacts } from './handlers/plan.js'
import { pullContacts } from './handlers/pull.js'
import { pushClients } from './handlers/push.js'
import { syncContacts } from './handlers/sync.js'
import { giveVerdicts } from './handlers/verdicts.js'
import type { Ports } from './ports.js'

/** Clients and Xero's contacts, both ways. */
export const contactSync = defineService({
  name: 'contact-sync',
  config: z.object({ SERVICE_TOKEN: env.secret().describe('The credential that services show to each other') }),
  xero: true,
  build: (context) => {
    const { db, xero, settings, scale, config } = context
    const job = jobsOf(context)
    const ports: Ports = {
      contacts: createContacts(xero),
      store: createStore(db, { writeMs: scale.ms(240_000, 5_000), readMs: scale.ms(90_000, 10_000) }),
      settings,
      newId,
      overlapMs: scale.ms(120_000, 2_000),
      gatherMs: scale.ms(1_000, 500),
    }
    const routes = internalRouter(config.SERVICE_TOKEN)
    routes.post('/verdicts', verdictsRoute(giveVerdicts(ports)))
    return {
      routes,
      handlers: {
        'contacts.sync': job(syncContacts(ports)),
        'contacts.plan': job(planContacts(ports)),
        'contacts.push': pushClients(ports),
        'contacts.pull': pullContacts(ports),
      },
      schedules: [
        { name: 'contacts', cron: '*/15 * * * *', command: 'contacts.sync', body: {} },
        {
          name: 'contacts-reconcile',
          cron: '30 3 * * 0',
          command: 'contacts.sync',
          body: { full: true, weekly: true },
        },
      ],
    }
  },
})
