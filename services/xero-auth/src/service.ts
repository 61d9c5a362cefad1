import { alertSecrets } from '@afo/contracts'
import { createIdentity, createXeroConnections } from '@afo/identity'
import { createVault } from '@afo/kit'
import { defineService, jobsOf, type ServiceContext, secretSettings } from '@afo/service'
import { createAnnouncer } from './adapters/announcer.js'
import { createConnectionStore } from './adapters/connection-store.js'
import { createCredentialStore } from './adapters/credential-store.js'
import { checkVault } from './adapters/vault-check.js'
import { type Config, config } from './config.js'
import { checkConnection } from './handlers/check-connection.js'
import { createTokens } from './handlers/tokens.js'
import type { Ports } from './ports.js'
import { createRoutes } from './routes.js'
import { times } from './times.js'

/** xero-auth: the vault, the consent, the tokens. The one service that sees a secret of Xero's. */
export const xeroAuthService = defineService({
  name: 'xero-auth',
  config,
  xero: false,
  build: async (context) => {
    const ports = await open(context)
    return {
      handlers: { 'connection.check': jobsOf(context)(checkConnection(ports)) },
      schedules: [{ name: 'connection.check', cron: '20 3 * * *', command: 'connection.check', body: {} }],
      routes: createRoutes(ports, context.config.SERVICE_TOKEN),
    }
  },
})

async function open({ config, db, bus, log, scale, signal, closers }: ServiceContext<Config>): Promise<Ports> {
  const vault = createVault(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS)
  await checkVault(db, vault, log, signal)

  const scaled = times(scale)
  const { announce, run } = createAnnouncer(db, bus, log)
  const announcing = run(scaled.announceEveryMs, signal)
  closers.add('announcer', () => announcing)
  const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: config.BUSINESS_TIME_ZONE }).format(new Date())
  const ports = {
    store: createConnectionStore(db, vault, today),
    credentials: createCredentialStore(db, vault, config),
    connections: createXeroConnections(config.XERO_API_URL, scaled.connectionsMs),
    identity: createIdentity({
      loginUrl: config.XERO_LOGIN_URL,
      identityUrl: config.XERO_IDENTITY_URL,
      scopes: config.XERO_SCOPES.split(/\s+/).filter((scope) => scope !== ''),
      pkce: config.XERO_PKCE,
      deadlineMs: scaled.deadlineMs,
    }),
    vault,
    alertSecrets: secretSettings(db, vault, alertSecrets),
    ephemeral: bus.ephemeral,
    times: scaled,
    log,
    signal,
    announce,
  }
  return { ...ports, tokens: createTokens(ports) }
}
