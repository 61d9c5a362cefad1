// A consumer in a process of its own, for tests that kill or freeze it. Runs the compiled library, as services do.
import { connectBus } from '@afo/bus'
import { createLog, createRegistry, sleep, timeScale } from '@afo/kit'

const { redisUrl, ledgerUrl, prefix, settings, point, oneIn, handlingMs } = JSON.parse(process.argv[2])

const die = () => process.kill(process.pid, 'SIGKILL')
/** Dies here, the hard way, once in `oneIn` times. */
const maybeDie = (here) => {
  if (here === point && Math.random() * oneIn < 1) die()
}
const open = (redisUrl) =>
  connectBus({
    redisUrl,
    service: 'invoicing',
    prefix,
    settings,
    log: createLog('worker', 'silent'),
    registry: createRegistry('worker'),
    scale: timeScale(1, false),
  })

// Stands for Postgres: an effect and what guards it are one step.
const ledger = await open(ledgerUrl)
const effect = `
redis.call('INCR', KEYS[1])
if redis.call('SADD', KEYS[2], ARGV[1]) == 1 then redis.call('INCR', KEYS[3]) end
redis.call('RPUSH', KEYS[4], ARGV[2])`
const ledgerKeys = ['handled', 'done', 'effects', 'pids']

const bus = await open(redisUrl)
bus.consume({
  concurrency: 20,
  handlers: {
    'invoices.settle': async ({ id, key, attempt }) => {
      maybeDie('before its effect')
      if (point === 'outside') setTimeout(die, Math.random() * 100)
      if (key === 'frozen' && attempt === 1) {
        await ledger.runScript(effect, ledgerKeys, [`begun ${process.pid}`, process.pid])
        await sleep(handlingMs)
        throw new Error('failed, long after a peer has taken over')
      }
      if (handlingMs > 0) await sleep(handlingMs)
      await ledger.runScript(effect, ledgerKeys, [id, process.pid])
      maybeDie('after its effect')
      return [{ name: 'invoice.voided', key: id, body: { invoiceId: id } }]
    },
  },
  middlewares: [
    (next) => async (message, ctx) => {
      const said = await next(message, ctx)
      maybeDie('before publishing')
      // The bus publishes what is returned, then acknowledges: this dies somewhere in between.
      if (point === 'before acknowledging') setImmediate(() => maybeDie(point))
      return said
    },
  ],
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
