import { Router } from 'express'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { AppError } from './errors.js'
import { createApp, listen, notFound, operationsRouter, problemHandler } from './http.js'
import { Closers } from './lifecycle.js'
import { createRegistry } from './metrics.js'

const closers: Closers[] = []
afterEach(async () => {
  for (const closer of closers.splice(0)) await closer.close()
})

async function serve(routes: Router, { heartbeat = 0, ready = true } = {}) {
  const own = new Closers()
  closers.push(own)
  const app = createApp()
  const check = async () => {
    if (!ready) throw new AppError('unavailable', 'Redis does not answer')
  }
  app.use(
    operationsRouter({
      registry: createRegistry('test'),
      readiness: [{ name: 'redis', check }],
      heartbeatAgeMs: () => heartbeat,
      maxHeartbeatMs: 100,
    }),
  )
  app.use(routes)
  app.use(notFound)
  app.use(problemHandler(pino({ level: 'silent' })))
  const { port } = await listen(app, { host: '127.0.0.1', port: 0 }, own)
  return (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
}

test('health is the loop, ready is what it needs, metrics are for Prometheus', async () => {
  const healthy = await serve(Router())
  expect(await (await healthy('/health')).json()).toMatchObject({ status: 'ok' })
  expect((await healthy('/ready')).status).toBe(200)
  expect(await (await healthy('/metrics')).text()).toContain('process_cpu_seconds_total')

  const sick = await serve(Router(), { heartbeat: 101, ready: false })
  expect((await sick('/health')).status).toBe(503)
  const ready = await sick('/ready')
  expect(ready.status).toBe(503)
  expect(await ready.json()).toEqual({
    ready: false,
    checks: [{ name: 'redis', ok: false, reason: 'Redis does not answer' }],
  })
})

test('an error of ours becomes its problem document', async () => {
  const get = await serve(
    Router().get('/x', () => {
      throw new AppError('throttled', 'Slow down', { retryAfterMs: 1_500, issues: [{ field: 'a', reason: 'b' }] })
    }),
  )
  const answer = await get('/x')
  expect(answer.status).toBe(429)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('retry-after')).toBe('2')
  expect(await answer.json()).toMatchObject({
    status: 429,
    code: 'throttled',
    detail: 'Slow down',
    errors: [{ field: 'a', reason: 'b' }],
  })
})

test('a bug says nothing of its inside', async () => {
  const get = await serve(
    Router().get('/x', async () => {
      throw new Error('password is hunter2')
    }),
  )
  const answer = await get('/x')
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('hunter2')
})

test('an unknown path is a 404 problem', async () => {
  const get = await serve(Router())
  expect(await (await get('/nowhere')).json()).toMatchObject({ status: 404, code: 'not-found', title: 'Not found' })
})
