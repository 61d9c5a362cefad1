import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '@afo/kit'
import express, { type ErrorRequestHandler } from 'express'
import type Provider from 'oidc-provider'
import { accountingPipeline } from './accounting/pipeline.js'
import { Control } from './control/control.js'
import { controlRouter } from './control/router.js'
import { BearerCheck } from './identity/bearer.js'
import { makeProvider } from './identity/provider.js'
import { identityRouter } from './identity/routes.js'
import { officeRouter } from './office/routes.js'
import { Contract } from './openapi/contract.js'
import type { Observed } from './openapi/observed.js'
import type { XeroOptions } from './options.js'
import { Persistence } from './persistence.js'
import { World } from './world.js'

export interface XeroSandbox {
  /** One origin for login, identity and API: XERO_LOGIN_URL = XERO_IDENTITY_URL = XERO_API_URL. */
  readonly url: string
  readonly port: number
  readonly control: Control
  close(): Promise<void>
}

/**
 * Starts a Xero that behaves like Xero.
 * @throws Error when the port is taken, an app's registration wouldn't be accepted, or the state file is damaged
 */
export async function startXero(options: XeroOptions): Promise<XeroSandbox> {
  const { host = '127.0.0.1', port = 0 } = options
  const world = new World(options)
  const persistence = options.stateFile ? new Persistence(world, options.stateFile) : undefined
  persistence?.start()
  const contract = options.openapi ? await Contract.load(options.openapi) : undefined
  const control = new Control(world, contract)
  const observe = contract && ((observed: Observed) => contract.observe(observed))

  // The provider needs its own address, which a free port tells only once the server listens.
  let provider: Provider | undefined
  const bearer = new BearerCheck(world.keys, world.clock)
  let issuer = ''
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use('/_sandbox', controlRouter(control, options.controlFrom ?? 'loopback'))
  app.use(
    '/api.xro/2.0',
    express.raw({ type: () => true, limit: '10mb' }),
    accountingPipeline({
      world,
      bearer,
      observe,
    }),
  )
  app.use(officeRouter(world))
  app.use(
    identityRouter({
      world,
      provider: () => {
        if (!provider) throw new Error('not listening yet')
        return provider
      },
      bearer,
      issuer: () => issuer,
      observe,
    }),
  )

  app.use(unexpected(options.log))

  const server = createServer(app)
  // Node's own 5 s would cut idle connections under a caller's feet, and every cut write is one more unknown outcome.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const taken = (server.address() as AddressInfo).port
  const url = `http://${host}:${taken}`
  issuer = options.publicUrl ?? url
  provider = makeProvider({
    issuer,
    storage: world.identity,
    keys: world.keys,
    clock: world.clock,
    onGrant: (grantType, clientId, error) => world.noteGrant(grantType, clientId, error),
    onRevoked: (userId, clientId) => world.connections.remove((c) => c.userId === userId && c.clientId === clientId),
  })

  return {
    url,
    port: taken,
    control,
    close: async () => {
      world.webhooks.close()
      // Calls that a fault left hanging must not keep the process.
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      persistence?.save()
    },
  }
}

/** A fault of the sandbox's own: said aloud, so that nobody takes it for a fault that was asked for. */
function unexpected(log: Log | undefined): ErrorRequestHandler {
  return (err, req, res, next) => {
    log?.error({ err, method: req.method, path: req.path }, 'the sandbox failed')
    if (res.headersSent) return next(err)
    const status = Number(err?.status)
    res
      .status(status >= 400 && status < 500 ? status : 500)
      .json({ problem: err instanceof Error ? err.message : String(err), sandbox: true })
  }
}
