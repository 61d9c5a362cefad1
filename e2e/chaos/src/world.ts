import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Closers, processEnvironment } from '@afo/kit'
import { type StackDetails, startStack } from '@afo/sandbox/stack'
import { Admin } from '@afo/sandbox/story'
import { connectDatabase, type Sql } from '@afo/sandbox/supabase'
import { z } from 'zod'

/** One minute is a second: leases, keys and back-offs of product and sandbox alike. */
export const timeScale = 60
/** How long an office asks again while the door is shut. */
const askMs = 60_000

const document = z.object({
  InvoiceID: z.string(),
  InvoiceNumber: z.string(),
  Reference: z.string(),
  Total: z.string(),
  History: z.array(z.object({ Details: z.string() })),
})
export type Document = z.infer<typeof document>
const fault = z.object({ id: z.string(), applied: z.number() })
const ledger = z.object({ invoices: z.array(document), organisation: z.object({ Timezone: z.string() }) })

/** The whole product with all its processes, the people who use it, and the hand that breaks it. */
export class World {
  private constructor(
    readonly sql: Sql,
    readonly admin: Admin,
    /** How the stack stands: a process that was started again has another pid. */
    readonly stack: () => StackDetails,
    readonly stateDir: string,
    private readonly failpointFile: string,
  ) {}

  static async open(stateDir: string, closers: Closers, say: (text: string) => void): Promise<World> {
    const failpointFile = join(stateDir, 'failpoint')
    const environment = {
      ...processEnvironment(),
      NODE_ENV: 'test',
      TIME_SCALE: String(timeScale),
      FAILPOINT_FILE: failpointFile,
      LOG_LEVEL: processEnvironment().LOG_LEVEL || 'warn',
    }
    const details = await startStack(
      {
        stateDir,
        fresh: true,
        replicas: { invoicing: 2, 'contact-sync': 2 },
        environment,
        say: (text) => say(`  stack: ${text}`),
      },
      closers,
    )
    const { databaseUrl, publishableKey, admin: account, xeroApp, gatewayUrl, supabaseUrl } = details()
    if (!databaseUrl || !publishableKey || !account || !xeroApp) throw new Error('Chaos needs stand-ins of its own')
    const sql = connectDatabase(databaseUrl, { max: 4 })
    closers.add('database', () => sql.end({ timeout: 5 }))
    const admin = await Admin.signIn({ gatewayUrl, supabaseUrl, publishableKey, admin: account })
    const world = new World(sql, admin, details, stateDir, failpointFile)
    await world.#settle(xeroApp)
    return world
  }

  /** Connected, settings chosen, quota wide: what is tried is neither the daily limit nor how many held answers Xero counts as calls at once. */
  async #settle(app: { clientId: string; clientSecret: string }): Promise<void> {
    await this.sql`delete from timesheets`
    await this.inXero('limits', { perDay: 1_000_000, appPerMinute: 1_000_000, concurrent: 100 })
    await this.admin.saveCredentials(app)
    await this.admin.connect()
    const setting = {
      status: 'AUTHORISED',
      billFrom: '2026-01-01',
      defaultAccountCode: '200',
      defaultTaxType: 'OUTPUT2',
    }
    await this.sql`insert into app_settings (key, value) values ('invoicing', ${JSON.stringify(setting)})
      on conflict (key) do update set value = excluded.value`
  }

  async inXero(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.stack().xeroUrl}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return response.json()
  }

  async documents(): Promise<readonly Document[]> {
    const response = await fetch(`${this.stack().xeroUrl}/_sandbox/ledger`)
    return ledger.parse(await response.json()).invoices
  }

  async fault(request: object): Promise<{ readonly id: string }> {
    return fault.parse(await this.inXero('faults', request))
  }

  /** Those that still wait for somebody. */
  async faults(): Promise<readonly { readonly id: string; readonly applied: number }[]> {
    const response = await fetch(`${this.stack().xeroUrl}/_sandbox/faults`)
    return z.array(fault).parse(await response.json())
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.stack().xeroUrl}/_sandbox/faults`, { method: 'DELETE' })
  }

  /** Asks for one cost centre's invoice. */
  bill(costCenterId: string): Promise<void> {
    return this.#command('/admin/invoices', { costCenterId })
  }

  /** Asks for everybody's. */
  billAll(): Promise<void> {
    return this.#command('/admin/xero/sync-invoices', {})
  }

  /** As the console does: the same wish until it is taken, under one key. */
  async #command(path: string, body: object): Promise<void> {
    const key = { 'idempotency-key': randomUUID() }
    for (const deadline = Date.now() + askMs; ; await wait(200)) {
      try {
        await this.admin.send('POST', path, body, z.unknown(), key)
        return
      } catch (thrown) {
        if (Date.now() > deadline) throw thrown
      }
    }
  }

  /** The next process that passes this point ends there. */
  arm(failpoint: string): void {
    writeFileSync(this.failpointFile, failpoint)
  }

  /** Whether nobody has passed it yet. */
  armed(): boolean {
    return existsSync(this.failpointFile)
  }

  /** Answers whether nobody had passed it. */
  disarm(): boolean {
    try {
      rmSync(this.failpointFile)
      return true
    } catch {
      return false
    }
  }

  /** Waits until everybody who was killed is back, however long this machine takes to start a process; gives up in silence after `mostMs`. */
  async whole(mostMs: number): Promise<void> {
    const well = async ({ pid, healthUrl }: { pid: number; healthUrl: string }) =>
      pid > 0 && (await fetch(healthUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.ok === true
    for (const deadline = Date.now() + mostMs; Date.now() < deadline; await wait(100))
      if ((await Promise.all(this.stack().processes.map(well))).every(Boolean)) return
  }

  /** kill -9 of one process of a service. Answers whether there was one. */
  kill(service: string, which: number): boolean {
    const pids = this.#pids(service)
    return end(pids[which % Math.max(pids.length, 1)])
  }

  /** kill -9 of every process of a service. */
  killAll(service: string): void {
    this.#pids(service).forEach(end)
  }

  #pids(service: string): number[] {
    return this.stack()
      .processes.filter(({ name, pid }) => name === service && pid > 0)
      .map(({ pid }) => pid)
  }

  /** Redis ends at once, or forgets everything. */
  redis(command: 'SHUTDOWN NOSAVE' | 'FLUSHALL'): Promise<void> {
    const { hostname, port } = new URL(this.stack().redisUrl)
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end(`${command}\r\n`))
      socket.once('error', () => resolve())
      socket.once('close', () => resolve())
      socket.resume()
    })
  }
}

function end(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}
