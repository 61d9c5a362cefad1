import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectApp, type SandboxApp, type XeroSandbox } from '@afo/sandbox/xero'

/**
 * Stands in for xero-auth in tests of other services, whose only need of it is a token: `GET /token` of the organisation that the sandbox lists first.
 * Never one about to expire, since a call that is refused for it is made twice.
 */
export async function tokenDoor(xero: XeroSandbox, app: SandboxApp): Promise<{ url: string; close(): Promise<void> }> {
  const [organisation] = xero.control.organisations()
  let token = await issue()
  const server = createServer(async (request, response) => {
    if (request.url?.includes('stale=') || Date.now() > token.renewAt) token = await issue()
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        accessToken: token.accessToken,
        tenantId: organisation?.OrganisationID,
        tenantName: organisation?.Name,
        expiresAt: token.expiresAt,
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function issue() {
    const { access_token: accessToken, expires_in: seconds } = await connectApp(xero.url, app)
    const [now, lifeMs] = [Date.now(), seconds * 1000]
    return { accessToken, expiresAt: new Date(now + lifeMs).toISOString(), renewAt: now + lifeMs * 0.9 }
  }
}
