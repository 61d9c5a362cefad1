// A consumer in a process of its own, for tests that kill or freeze it. Runs the compiled library, as services do.
import { appendFileSync } from 'node:fs'
import { connectBus } from '@afo/bus'
import { createLog, createRegistry, sleep, timeScale } from '@afo/kit'

const { redisUrl, prefix, settings, file, failpoint, oneIn, handlingMs } = JSON.parse(process.argv[2])

/** Dies here, the hard way, once in `oneIn` times. */
const maybeDie = (point) => {
  if (point === failpoint && Math.random() * oneIn < 1) process.kill(process.pid, 'SIGKILL')
}

const log = createLog('worker', 'silent')
const bus = await connectBus({
  redisUrl,
  service: 'invoicing',
  prefix,
  settings,
  log,
  registry: createRegistry('worker'),
  scale: timeScale(1, false),
})
bus.consume({
  concurrency: 20,
  handlers: {
    'invoices.settle': async ({ id, key, attempt }) => {
      maybeDie('before its effect')
      if (key === 'frozen' && attempt === 1) {
        appendFileSync(file, `begun ${process.pid}\n`)
        await sleep(handlingMs)
        throw new Error('failed, long after a peer has taken over')
      }
      await sleep(handlingMs)
      appendFileSync(file, `${id}\n`)
      maybeDie('after its effect')
      return [{ name: 'invoice.voided', key: id, body: { invoiceId: id } }]
    },
  },
  middlewares: [
    (next) => async (message, ctx) => {
      const said = await next(message, ctx)
      maybeDie('before publishing')
      // The bus publishes what is returned, then acknowledges: this dies somewhere in between.
      if (failpoint === 'before acknowledging') setImmediate(() => maybeDie('before acknowledging'))
      return said
    },
  ],
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
