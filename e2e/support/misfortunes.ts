import { createHash } from 'node:crypto'
import type { StackDetails } from '@afo/sandbox/stack'
import { Redis } from 'ioredis'

const json = { 'content-type': 'application/json' }

/**
 * What tempts a program to tell too much, one after the other: tokens that are refused and renewed, answers of Xero and of its identity server that are lost,
 * requests that are wrong and carry a secret, a webhook and a message that nobody can read. Answers what people were told.
 */
export async function misfortunes(stack: StackDetails): Promise<{ adminToken: string; answers: string[] }> {
  const { gatewayUrl, supabaseUrl, publishableKey, admin, xeroUrl, xeroApp, tokenUrl, serviceToken, redisUrl } = stack
  const answers: string[] = []
  const ask = async (url: string, init: RequestInit = {}, secret = false) => {
    const response = await fetch(url, init)
    const text = await response.text()
    if (!secret) answers.push(`${url} ${response.status} ${text}`)
    return JSON.parse(text === '' ? 'null' : text)
  }
  const fault = (body: object) =>
    ask(`${xeroUrl}/_sandbox/faults`, { method: 'POST', headers: json, body: JSON.stringify(body) })
  const { access_token: adminToken } = await ask(
    `${supabaseUrl}/auth/v1/token?grant_type=password`,
    { method: 'POST', headers: { ...json, apikey: publishableKey ?? '' }, body: JSON.stringify(admin) },
    true,
  )
  const command = (method: string, path: string, body: unknown) =>
    ask(`${gatewayUrl}${path}`, {
      method,
      headers: { ...json, authorization: `Bearer ${adminToken}` },
      body: JSON.stringify(body),
    })
  const token = (stale = '') =>
    ask(`${tokenUrl}${stale}`, { headers: { authorization: `Bearer ${serviceToken}` } }, true)

  // Xero refuses the token; the identity server loses its answer, then gives another.
  const staleOf = (text: string) => `?stale=${createHash('sha256').update(text).digest('hex')}`
  const { accessToken } = await token()
  await fault({ kind: 'token-reset-after-commit' })
  await token(staleOf(accessToken))
  await token(staleOf(accessToken))

  for (const kind of ['error-500', 'reset-after-commit', 'html-200'])
    await fault({ kind, match: { path: 'Contacts|Items' } })
  for (const path of ['/admin/xero/sync-clients', '/admin/xero/sync-items']) {
    const { id } = await command('POST', path, {})
    while (['queued', 'running'].includes((await command('GET', `/admin/commands/${id}`, undefined)).state)) {
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  await command('POST', '/admin/settings/xero', { clientId: 'not hexadecimal', clientSecret: xeroApp?.clientSecret })
  await command('POST', '/admin/settings/xero', { ...xeroApp, colour: 'blue' })
  await command('POST', '/admin/settings/xero', { clientId: 'f'.repeat(32), clientSecret: xeroApp?.clientSecret })
  await command('POST', '/admin/settings/xero', xeroApp)
  await ask(`${gatewayUrl}/xero/callback?code=made-up&state=made-up`, { headers: { accept: 'application/json' } })
  await ask(`${gatewayUrl}/xero/webhooks`, {
    method: 'POST',
    headers: { ...json, 'x-xero-signature': 'bad' },
    body: '{}',
  })
  await ask(tokenUrl, { headers: { authorization: `Bearer ${serviceToken}x` } })

  const redis = new Redis(redisUrl)
  try {
    for (const stream of (await redis.keys('*commands.contact-sync*')).filter((key) => !/retry|delayed|dead/.test(key)))
      await redis.xadd(stream, '*', 'message', 'no message').catch(() => undefined)
  } finally {
    redis.disconnect()
  }
  return { adminToken, answers }
}
