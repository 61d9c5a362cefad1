import { endpoints } from '@afo/contracts'
import { createSessions } from '@afo/db'
import { mount } from '@afo/door'
import { createInternalClient } from '@afo/kit'
import { readQuota } from '@afo/limiter'
import { defineService, keepRepublishing } from '@afo/service'
import { createWatch } from '@afo/watch'
import { createStore } from './adapters/store.js'
import { alertSecretsOf } from './clients/xero-auth.js'
import { gatewayConfig } from './config.js'
import { consolePages } from './console.js'
import type { Ports } from './ports.js'
import { handlers } from './routes/index.js'

const settled = { sessionAgeMs: 30_000, internalTimeoutMs: 20_000 }

/** Authenticates people, writes down and publishes what they ask for, shows what happens. */
export const gateway = defineService({
  name: 'gateway',
  config: gatewayConfig,
  xero: false,
  build: (context) => {
    const { config, db } = context
    const issuer =
      config.SUPABASE_JWT_ISSUER ?? `${(config.SUPABASE_PUBLIC_URL ?? config.SUPABASE_URL).replace(/\/$/, '')}/auth/v1`
    const internal = (name: string, url: string | undefined) =>
      createInternalClient({ name, url, token: config.SERVICE_TOKEN, timeoutMs: settled.internalTimeoutMs })
    const xeroAuth = internal('xero-auth', config.XERO_AUTH_URL)
    const store = createStore(db)
    const watch = createWatch({
      ...context,
      secrets: alertSecretsOf(xeroAuth),
      quota: async () => {
        const tenantId = await store.selectedTenant()
        return tenantId === null ? null : readQuota(context.bus.runScript, tenantId)
      },
    })
    const ports: Ports = {
      ...context,
      ...watch.ports,
      store,
      sessions: createSessions({
        db,
        rules: {
          issuer,
          issuerRequired:
            issuer !== 'none' && (config.SUPABASE_JWT_ISSUER !== undefined || config.NODE_ENV === 'production'),
        },
        maxAgeMs: settled.sessionAgeMs,
        now: Date.now,
      }),
      xeroAuth,
      invoicing: internal('invoicing', config.INVOICING_URL),
      contactSync: internal('contact-sync', config.CONTACT_SYNC_URL),
    }
    const republishing = keepRepublishing(context, context.signal)
    context.closers.add('republishing', () => republishing)
    const watching = watch.keep(context.signal)
    context.closers.add('watching', () => watching)
    return { routes: mount(endpoints, handlers, ports, [consolePages(ports)]) }
  },
})
