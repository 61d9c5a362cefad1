import {
  allStreams,
  type Message,
  type NewMessage,
  readMessage,
  type ServiceName,
  serviceNames,
  streamOf,
} from '@afo/contracts'
import { AppError } from '@afo/kit'
import {
  type Delivery,
  openStreams,
  ownStream,
  type Reader,
  type StreamFigures,
  type StreamsOptions,
} from '@afo/streams'
import { createClock } from './clock.js'
import { toLetter, toMessage } from './dead.js'
import { type Handling, handle, wrapped } from './handling.js'
import { parseJson } from './json.js'
import { createHistogram } from './middlewares/metrics.js'
import { seal } from './seal.js'
import type { Cause, ConsumeOptions, DeadLetter } from './types.js'

export interface BusOptions extends Omit<StreamsOptions, 'group' | 'streams'> {
  /** This process's service: its consumer group, and whose figures are metrics. */
  readonly service: ServiceName
}

export type Bus = Awaited<ReturnType<typeof connectBus>>
export type Consumer = Pick<Reader, 'heartbeatAgeMs' | 'stop'>

const own = serviceNames.map(ownStream)
const shared = allStreams.filter((stream) => !own.includes(stream))

const isService = (row: StreamFigures): row is StreamFigures & { readonly group: ServiceName } =>
  serviceNames.includes(row.group as ServiceName)

/** Opens the bus. @throws AppError `unavailable` without a Redis, `invalid` for one that may evict or a scale that breaks an order */
export async function connectBus({ service, log, registry, ...options }: BusOptions) {
  const streams = await openStreams({ ...options, group: service, streams: { own, shared }, log, registry })
  const { settings, ephemeral, epoch, runScript, ping, close } = streams
  const seconds = createHistogram(registry)
  const clock = createClock()
  /**
   * Publishes all or none, in order. An error means *unknown*: publishing the same again is harmless, since ids are derived and effects are guarded in Postgres.
   * @throws AppError `unavailable`, `bug` for a body that breaks its schema
   */
  const publish = async (messages: readonly NewMessage[], cause: Cause): Promise<void> => {
    const at = clock(Date.now())
    await streams.publish(
      messages.map((message) => ({ stream: streamOf(message.name), text: JSON.stringify(seal(message, cause, at)) })),
    )
  }
  return {
    publish,
    /** Handles what is said to this service. All its processes handle the same messages: what one has delayed may come back to another. */
    consume(given: ConsumeOptions): Consumer {
      const names = new Set(Object.keys(given.handlers).map((name) => streamOf(name as Message['name'])))
      const foreign = own.find((stream) => stream !== ownStream(service) && names.has(stream))
      if (foreign) throw new AppError('bug', `${service} can't handle what is on ${foreign}`)
      const handling: Handling = {
        handlers: wrapped(given, settings, seconds),
        shared,
        onDead: given.onDead,
        settings,
        log,
        publish,
      }
      return streams.read({
        shared: shared.filter((stream) => names.has(stream)),
        deliver: (delivery: Delivery, stopping: AbortSignal) => handle(delivery, stopping, handling),
        concurrency: given.concurrency,
        gate: given.gate,
      })
    },
    /** Every message of these streams after a position ("$": from now on), for live views; its id is a position. Ends with the signal. */
    async *tail(names: readonly string[], after: string, signal: AbortSignal) {
      for await (const { place, text } of streams.follow(names, after, signal)) {
        const read = readMessage(parseJson(text))
        if (read.ok) yield { id: place, message: read.message }
      }
    },
    /** A service's dead letters, newest first. @param page `before`: a letter's id */
    async listDead(of: ServiceName, { limit, before }: { limit: number; before?: string }): Promise<DeadLetter[]> {
      return (await streams.deadOf(of, limit, before?.split('@')[0])).map((entry) => toLetter(of, entry))
    },
    /** Puts dead letters back under their own ids, from the first attempt. Answers how many were there. */
    redrive: (of: ServiceName, ids: readonly string[]): Promise<number> =>
      streams.redriveDead(
        of,
        ids.map((id) => id.split('@')[0] ?? ''),
        toMessage,
      ),
    /** Back-pressure of every service, as far as it has begun to read. */
    figures: async () => (await streams.figures()).filter(isService),
    epoch,
    ephemeral,
    runScript,
    ping,
    close,
  }
}
