import type { Bus } from '@afo/bus'
import type { CommandRow, JobName, NewMessage } from '@afo/contracts'
import type { Db } from '@afo/db'

export interface NewCommand {
  readonly id: string
  readonly name: JobName
  readonly body: Record<string, unknown>
  readonly askedBy: string
  readonly triggeredBy: 'manual' | 'scheduled'
}

interface Ports {
  readonly db: Db
  readonly bus: Bus
}

/**
 * Writes a command down, then publishes it under the same id. A crash or a lost Redis in between costs only time: {@link republishStranded} finds it.
 * Answers the command's row; null when a scheduled twin still waits.
 */
export async function publishCommand({ db, bus }: Ports, command: NewCommand): Promise<CommandRow | null> {
  const row = await db.rpc('sync_command_accept', {
    p_id: command.id,
    p_name: command.name,
    p_body: command.body as never,
    p_asked_by: command.askedBy,
    p_triggered_by: command.triggeredBy,
  })
  if (row?.state === 'queued') await publish({ db, bus }, row)
  return row
}

/** Of each reading: Postgres gives them to one process, which may die with them. */
const perReading = 100

/** Publishes again all that is written down but may be on no stream. Harmless where it is: the command's row lets one run. Answers how many. */
export async function republishStranded(
  { db, bus }: Ports,
  after: { queuedMs: number; runningMs: number; mostMs: number },
  signal: AbortSignal,
): Promise<number> {
  for (let found = 0; ; ) {
    const rows = await db.rpc('sync_commands_republish', {
      p_epoch: await bus.epoch(),
      p_queued_ms: after.queuedMs,
      p_running_ms: after.runningMs,
      p_most_ms: after.mostMs,
      p_limit: perReading,
    })
    for (const row of rows) await publish({ db, bus }, row)
    found += rows.length
    if (rows.length < perReading || signal.aborted) return found
  }
}

/** Puts a command that is written down on its stream. */
export async function publish({ db, bus }: Ports, row: CommandRow): Promise<void> {
  const message = { id: row.id, name: row.name as JobName, key: row.id, body: row.body } as NewMessage
  await bus.publish([message], { correlationId: row.id, causationId: null, tenantId: null })
  await db.rpc('sync_command_published', { p_id: row.id })
}
