import { ConfigError } from '@afo/kit'
import { defineService, jobs, processName, type ServiceContext } from '@afo/service'
import { createAnnouncer } from './adapters/announcer.js'
import { createConnectionStore } from './adapters/connection-store.js'
import { createCredentialStore } from './adapters/credential-store.js'
import { createIdentity } from './adapters/identity.js'
import { checkVault } from './adapters/vault-check.js'
import { createXeroConnections } from './adapters/xero-connections.js'
import { type Config, config } from './config.js'
import { refuseOpenHttp } from './core/endpoints.js'
import { checkConnection } from './handlers/check-connection.js'
import { createTokens } from './handlers/tokens.js'
import { createRoutes } from './routes.js'
import { times } from './times.js'
import { createVault } from './vault/vault.js'

/** xero-auth: the vault, the consent, the tokens. The one service that sees a secret of Xero's. */
export const xeroAuthService = defineService({
  name: 'xero-auth',
  config,
  xero: false,
  build: async (context) => {
    const ports = await open(context)
    return {
      handlers: { 'connection.check': ports.job(checkConnection(ports)) },
      schedules: [{ name: 'connection.check', cron: '20 3 * * *', command: 'connection.check', body: {} }],
      routes: createRoutes(ports),
    }
  },
})

async function open({ config, db, bus, log, scale, signal, closers, name }: ServiceContext<Config>) {
  const problems = refuseOpenHttp(config)
  if (problems.length > 0) throw new ConfigError(problems)
  const vault = createVault(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS)
  await checkVault(db, vault)

  const scaled = times(scale)
  const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: config.BUSINESS_TIME_ZONE }).format(new Date())
  const store = createConnectionStore(db, vault, today)
  const credentials = createCredentialStore(db, vault, config)
  const connections = createXeroConnections(config.XERO_API_URL, scaled.deadlineMs)
  const identity = createIdentity({
    loginUrl: config.XERO_LOGIN_URL,
    identityUrl: config.XERO_IDENTITY_URL,
    scopes: config.XERO_SCOPES.split(/\s+/).filter((scope) => scope !== ''),
    pkce: config.XERO_PKCE,
    deadlineMs: scaled.deadlineMs,
  })
  const { announce, run } = createAnnouncer(db, bus, log)
  const announcing = run(scaled.announceEveryMs, signal)
  closers.add('announcer', () => announcing)
  const tokens = createTokens({ store, credentials, identity, times: scaled, log, signal, announce })
  const say = async (
    message: Parameters<typeof bus.publish>[0][number],
    cause: { correlationId: string; id: string },
  ) =>
    bus
      .publish([message], { correlationId: cause.correlationId, causationId: cause.id, tenantId: null })
      .catch((err: unknown) => log.warn({ err }, 'progress not announced'))
  return {
    ...scaled,
    store,
    credentials,
    connections,
    identity,
    vault,
    tokens,
    announce,
    log,
    ephemeral: bus.ephemeral,
    serviceToken: config.SERVICE_TOKEN,
    job: jobs({ db, owner: processName(name), scale, announce: say }),
  }
}
