import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestServer, type TestServer } from './server.js'

/**
 * One Postgres for a whole test run, started when the first test file asks for a database. The door is HTTP, since test files run in
 * processes of their own: POST /databases[?seed], POST /databases/:name/reload, DELETE /databases/:name.
 */
export async function openDoor(): Promise<{ url: string; close: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'ampedfieldops-test-'))
  // Postgres runs as another user where this process is root.
  chmodSync(dir, 0o755)
  mkdirSync(join(dir, 'supabase'))
  let starting: Promise<TestServer> | undefined
  const started = () => {
    starting ??= createTestServer(join(dir, 'supabase'))
    return starting
  }
  const server = createServer((request, response) => {
    answer(request, started).then(
      (body) => response.end(JSON.stringify(body ?? {})),
      (error: unknown) => {
        response.statusCode = 500
        response.end(error instanceof Error ? (error.stack ?? error.message) : String(error))
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (starting) await (await starting.catch(() => undefined))?.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function answer({ method, url = '/' }: IncomingMessage, started: () => Promise<TestServer>): Promise<unknown> {
  const { pathname, searchParams } = new URL(url, 'http://door')
  const [, databases, name, action] = pathname.split('/')
  if (databases !== 'databases') throw new Error(`Nothing lives at ${pathname}`)
  const server = await started()
  if (method === 'POST' && !name) return server.create({ seed: searchParams.has('seed') })
  if (method === 'POST' && name && action === 'reload') return server.reload(name)
  if (method === 'DELETE' && name) return server.drop(name)
  throw new Error(`${method} ${pathname} is not understood`)
}
