import { connectBus } from '@afo/bus'
import { createLog, timeScale } from '@afo/kit'
import { describeBus, type OpenOptions } from '../../testing/src/bus/conformance.js'

const log = createLog('bus-test', 'silent')
const connect = (options: OpenOptions) => connectBus({ ...options, log, scale: timeScale(1, false) })

describeBus('the bus on Redis', connect, [
  'delivery',
  'failures',
  'deadLetters',
  'recovery',
  'stopping',
  'outages',
  'views',
])

// One node that owns all slots: it refuses whatever touches two of them.
const cluster = { config: { 'cluster-enabled': 'yes' } }
describeBus(
  'the bus on Redis Cluster',
  connect,
  ['delivery', 'failures', 'deadLetters', 'recovery', 'stopping', 'views'],
  cluster,
)
