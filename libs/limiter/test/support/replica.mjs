// One replica, as a process that can be killed and frozen: calls the address as fast as the limiter lets it, until it is ended.
// Arguments: Redis, address, tenant, time scale, clock skew in ms.
import { createLog, timeScale } from '@afo/kit'
import { createLimiter, defaultLimits } from '@afo/limiter'
import { Redis } from 'ioredis'

const [redisUrl = '', address = '', tenant = '', factor, skewMs] = process.argv.slice(2)
const clock = Date.now
Date.now = () => clock() + Number(skewMs)

// A parent that is gone leaves no orphans.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 200)

const redis = new Redis(redisUrl)
redis.on('error', () => {})
const limiter = createLimiter({
  runScript: (lua, keys, args) => redis.eval(lua, keys.length, ...keys, ...args),
  service: 'replica',
  limits: defaultLimits,
  scale: timeScale(Number(factor), false),
  log: createLog('replica', 'fatal'),
})

const header = (response, name) => (response.headers.has(name) ? Number(response.headers.get(name)) : null)
const nothing = { sent: false, minuteRemaining: null, dayRemaining: null, pause: null }
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function work() {
  for (;;) {
    const permit = await limiter.acquire(tenant, 'schedule', 'storm')
    if (!permit.granted) {
      await pause(Math.min(permit.retryAfterMs, 300))
    } else if (!permit.fresh()) {
      await permit.release(nothing)
    } else {
      const response = await fetch(address).catch(() => undefined)
      await response?.arrayBuffer()
      const minuteRemaining = response ? header(response, 'x-minlimit-remaining') : null
      const ms = response ? header(response, 'retry-after-ms') : null
      await permit.release({
        ...nothing,
        sent: true,
        minuteRemaining,
        pause: ms === null ? null : { ms, reason: 'minute' },
      })
    }
  }
}
for (let i = 0; i < 6; i++) work().catch(() => process.exit(1))
