import { backoffMs } from '@afo/kit'
import { type Connection, redisError } from './connection.js'
import type { Lane, Source } from './keys.js'
import type { Settings } from './settings.js'

/** One entry of a Redis stream: its id, then fields and values in turn. */
export type Entry = readonly [id: string, fields: readonly string[]]

export interface ReaderPorts {
  readonly connection: Connection
  readonly consumer: string
  readonly settings: Settings
  /** How many messages may be read now. */
  readonly room: () => number
  /** Resolves when there is room again, or after `ms`. */
  readonly roomAgain: (ms: number) => Promise<void>
  readonly gate: (() => Promise<boolean>) | undefined
  readonly take: (source: Source, entry: Entry) => void
}

/** For a connection that isn't there yet; the loop around looks again. */
const CONNECT_MS = 1_000

/** Reads one lane in batches as large as there is room for. */
export class Reader {
  #turnedAt = performance.now()
  #shut = 0
  #hasGroups = false

  constructor(
    private readonly lane: Lane,
    private readonly ports: ReaderPorts,
  ) {}

  /** For liveness: when the loop last came round. */
  get turnedAt(): number {
    return this.#turnedAt
  }

  /** False while the gate is shut. */
  get open(): boolean {
    return this.#shut === 0
  }

  /** One turn of the loop; answers how many milliseconds to wait before the next. */
  async turn(): Promise<number> {
    const { connection, settings, room, roomAgain, gate } = this.ports
    this.#turnedAt = performance.now()
    await connection.ready(CONNECT_MS)
    if (!this.#hasGroups) await this.#createGroups()
    if (room() <= 0) {
      await roomAgain(settings.blockMs)
      return 0
    }
    if (gate && !(await gate())) {
      return backoffMs(++this.#shut, { baseMs: settings.gateBaseMs, capMs: settings.gateCapMs }, Math.random())
    }
    this.#shut = 0
    try {
      await this.#read(room())
    } catch (thrown) {
      // Whatever went wrong, the groups may be gone with it: a flush, or another Redis after a failover.
      this.#hasGroups = false
      throw thrown
    }
    return 0
  }

  async #read(count: number): Promise<void> {
    const { connection, consumer, settings, take } = this.ports
    const { sources, group } = this.lane
    const keys = sources.map(({ key }) => key)
    const options = ['GROUP', group, consumer, 'COUNT', count, 'BLOCK', settings.blockMs]
    const reply = await connection.call('XREADGROUP', ...options, 'STREAMS', ...keys, ...keys.map(() => '>'))
    for (const [key, entries] of (reply ?? []) as [string, Entry[]][]) {
      const source = sources.find((candidate) => candidate.key === key)
      if (source) for (const entry of entries) take(source, entry)
    }
  }

  /** From the stream's beginning: what is repeated is recognised by its id, what is skipped would be lost. */
  async #createGroups(): Promise<void> {
    for (const { key } of this.lane.sources) {
      try {
        await this.ports.connection.call('XGROUP', 'CREATE', key, this.lane.group, 0, 'MKSTREAM')
      } catch (thrown) {
        if (redisError(thrown).code !== 'redis-busygroup') throw thrown
      }
    }
    this.#hasGroups = true
  }
}
