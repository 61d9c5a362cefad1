import type { Bus, BusSettings, Cause, Handler } from '@afo/bus'
import type { Message, NewMessage, ServiceName } from '@afo/contracts'
import { newId, type Registry } from '@afo/kit'
import { expect, vi } from 'vitest'
import { redisCommand } from './redis-command.js'

/** What a bus under test is opened with. */
export interface OpenOptions {
  readonly redisUrl: string
  readonly service: ServiceName
  readonly prefix: string
  readonly settings: Partial<BusSettings>
  readonly registry: Registry
}

/** A tenth to a thirtieth of the real durations, in the same order. */
export const quick: Partial<BusSettings> = {
  leaseMs: 450,
  beatMs: 50,
  gateMs: 50,
  retryBaseMs: 10,
  retryCapMs: 40,
  pauseMs: 30,
  graceMs: 400,
  commandMs: 500,
  connectMs: 5_000,
  tidyMs: 100,
  tailMs: 10,
}

export const cause: Cause = { correlationId: 'test', causationId: null, tenantId: null }

/** One Redis, a key space of its own, and every bus that a test opens on it. */
export class Harness {
  readonly prefix = `t${newId().slice(0, 8)}`
  readonly #opened: Bus[] = []

  constructor(
    readonly url: string,
    private readonly connect: (options: OpenOptions) => Promise<Bus>,
    private readonly createRegistry: () => Registry,
  ) {}

  async open(
    service: ServiceName,
    settings: Partial<BusSettings> = {},
    redisUrl = this.url,
    registry = this.createRegistry(),
  ) {
    const bus = await this.connect({
      redisUrl,
      service,
      prefix: this.prefix,
      settings: { ...quick, ...settings },
      registry,
    })
    this.#opened.push(bus)
    return bus
  }

  registry(): Registry {
    return this.createRegistry()
  }

  /** A command by hand, past the bus. */
  command(...args: (string | number)[]): Promise<string> {
    return redisCommand(this.url, ...args)
  }

  key(stream: string): string {
    return `{${this.prefix}}:${stream}`
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#opened.map((bus) => bus.close()))
  }
}

/** A command that any handler of `invoicing` can take: the key names it. */
export const settle = (key: string): NewMessage => ({
  name: 'invoices.settle',
  key,
  id: newId(),
  body: { invoiceIds: [newId()] },
})

export const paid = (key: string): NewMessage => ({
  name: 'invoice.paid',
  key,
  id: newId(),
  body: { invoiceId: newId(), paymentStatus: 'Paid' },
})

export const many = (count: number, make: (key: string) => NewMessage): NewMessage[] =>
  Array.from({ length: count }, (_, i) => make(String(i)))

/** A handler that only notes what it was given. */
export const noting =
  (notes: string[], note: (message: Message) => string = ({ key }) => key): Handler =>
  async (message) => {
    notes.push(note(message))
    return []
  }

/** Waits for the fact. */
export const until = (fact: () => void | Promise<void>, timeout = 8_000) => vi.waitFor(fact, { timeout, interval: 10 })

/** Nothing on the stream of this service's commands, nothing pending, nothing delayed. */
export async function expectDrained(bus: Bus, stream: string): Promise<void> {
  await until(async () => {
    const rows = (await bus.figures()).filter((row) => row.stream === stream)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatchObject({ lag: 0, pending: 0, delayed: 0 })
  })
}
