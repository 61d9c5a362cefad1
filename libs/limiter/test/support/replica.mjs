// One replica, as a process that can be killed and frozen: calls Xero as fast as the limiter lets it, until it is ended.
// Arguments: Redis, Xero's address, tenant, access token, time scale, clock skew in ms.
import { createLog, timeScale } from '@afo/kit'
import { createLimiter, defaultLimits, limitReportOf, noReport } from '@afo/limiter'
import { Redis } from 'ioredis'

const [redisUrl = '', xeroUrl = '', tenant = '', token = '', factor, skewMs] = process.argv.slice(2)
const clock = Date.now
Date.now = () => clock() + Number(skewMs)

// A parent that is gone leaves no orphans.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 200)

const redis = new Redis(redisUrl)
redis.on('error', () => {})
const scale = timeScale(Number(factor), false)
const limiter = createLimiter({
  runScript: (lua, keys, args) => redis.eval(lua, keys.length, ...keys, ...args),
  service: 'replica',
  limits: defaultLimits,
  scale,
  log: createLog('replica', 'fatal'),
})

const headers = { authorization: `Bearer ${token}`, 'xero-tenant-id': tenant, accept: 'application/json' }

async function call() {
  const response = await fetch(`${xeroUrl}/api.xro/2.0/Organisation`, { headers })
  await response.arrayBuffer()
  return limitReportOf(response.status, Object.fromEntries(response.headers), scale)
}

async function work() {
  for (;;) {
    const permit = await limiter.acquire(tenant, 'schedule', 'storm')
    if (!permit.granted) await new Promise((resolve) => setTimeout(resolve, Math.min(permit.retryAfterMs, 300)))
    else if (!permit.fresh()) await permit.release(noReport(false))
    else await permit.release(await call().catch(() => noReport(true)))
  }
}
for (let i = 0; i < 6; i++) work().catch(() => process.exit(1))
