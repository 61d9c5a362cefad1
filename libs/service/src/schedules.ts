import type { Bus } from '@afo/bus'
import type { Db } from '@afo/db'
import { derivedId, type Log, sleep, toAppError } from '@afo/kit'
import { Cron } from 'croner'
import { publish } from './commands.js'
import type { Schedule } from './define.js'

export interface SchedulePorts {
  readonly db: Db
  readonly bus: Bus
  readonly log: Log
  readonly timeZone: string
  readonly pollMs: number
  readonly now: () => Date
}

/**
 * Asks for jobs at their ticks until the signal aborts. Looks at the tick that should have happened last rather than waiting for the next: a process that was
 * down at 02:00 catches up, and Postgres lets one replica alone take each tick.
 */
export async function runSchedules(
  schedules: readonly Schedule[],
  ports: SchedulePorts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const schedule of schedules) {
      try {
        await takeTick(schedule, ports)
      } catch (thrown) {
        ports.log.warn({ err: toAppError(thrown), schedule: schedule.name }, 'schedule not asked')
      }
    }
    await sleep(ports.pollMs, signal)
  }
}

async function takeTick(
  { name, cron, command, body }: Schedule,
  { db, bus, timeZone, now }: SchedulePorts,
): Promise<void> {
  const pattern = new Cron(cron, { timezone: timeZone })
  const at = now()
  const next = pattern.nextRun(at)
  const tick = pattern.previousRuns(1, at)[0]
  if (!next || !tick) return
  const row = await db.rpc('sync_schedule_take', {
    p_name: name,
    p_tick: tick.toISOString(),
    p_next: next.toISOString(),
    p_command_id: derivedId('schedule', name, tick.toISOString()),
    p_command: command,
    p_body: body as never,
  })
  if (row) await publish({ db, bus }, row)
}
