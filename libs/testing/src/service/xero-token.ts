import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectApp, type SandboxApp, type XeroSandbox } from '@afo/sandbox/xero'

/** Stands in for xero-auth in tests of other services, whose only need of it is a token: `GET /token` of the organisation that the sandbox lists first. */
export async function tokenDoor(xero: XeroSandbox, app: SandboxApp): Promise<{ url: string; close(): Promise<void> }> {
  const [organisation] = xero.control.organisations()
  let token = await connectApp(xero.url, app)
  const server = createServer(async (request, response) => {
    if (request.url?.includes('stale=')) token = await connectApp(xero.url, app)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        accessToken: token.access_token,
        tenantId: organisation?.OrganisationID,
        tenantName: organisation?.Name,
        expiresAt: '2099-01-01T00:00:00Z',
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
}
