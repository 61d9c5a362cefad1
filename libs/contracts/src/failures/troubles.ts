import type { z } from 'zod'
import type { quotaView } from '../rest/operations.js'
import type { OverviewRow, Trouble } from '../rest/overview.js'
import { type FailureCode, failures } from './catalogue.js'

type Quota = z.infer<typeof quotaView>

const dayMs = 86_400_000
/** Xero forgets a connection that nobody used for so many days. */
const connectionDays = 60
/** Days left at which lapsing is a trouble. */
const lapseDays = 7
/** Work that is due for longer than this isn't being taken up. */
const lateMs = 10 * 60_000

/** Reasons that are no words. */
const codeOfReason: Readonly<Record<string, FailureCode>> = { 'missing-scope': 'AFO-102', 'secret-refused': 'AFO-104' }

interface Around {
  /** Null: Redis doesn't say. */
  readonly deadLetters: number | null
  readonly quota: Quota | null
}

/** How things stand: what Postgres and Redis know, and whether anything keeps the whole from working. */
export function overviewOf({ connection, failures, conflicts, matches, ...row }: OverviewRow, around: Around) {
  const daysLeft = connection && Math.max(0, Math.ceil(connectionDays - connection.refreshedAgoMs / dayMs))
  const troubles = troublesOf({ connection, failures, conflicts, matches, ...row }, daysLeft, around)
  const { deadLetters, quota } = around
  return {
    ...row,
    healthy: troubles.length === 0,
    troubles,
    connection: connection && {
      connected: connection.connected,
      tenantId: connection.tenantId,
      tenantName: connection.tenantName,
      disconnectedReason: connection.disconnectedReason,
      daysLeft: daysLeft ?? 0,
    },
    needsMe: {
      total: failures.count + conflicts + matches + (deadLetters ?? 0),
      failures: failures.count,
      money: failures.money,
      conflicts,
      matches,
      deadLetters,
    },
    quota,
  }
}

function troublesOf(row: OverviewRow, daysLeft: number | null, { deadLetters, quota }: Around): Trouble[] {
  const { connection, paused, jobs, queued, at } = row
  const now = Date.parse(at)
  const late = (instant: string | null) => instant !== null && now - Date.parse(instant) > lateMs
  const found: Trouble[] = []
  const add = (code: FailureCode, detail: string) => {
    const { title, remedy, owner } = failures[code]
    found.push({ code, title, detail, remedy, owner })
  }
  if (!connection?.connected) {
    const reason = connection?.disconnectedReason ?? 'No organisation is connected.'
    const code = codeOfReason[reason]
    add(code ?? 'AFO-101', code ? failures[code].meaning : reason)
  }
  if (connection?.connected && daysLeft !== null && daysLeft <= lapseDays) add('AFO-103', `${daysLeft} days are left.`)
  for (const { service, by, reason } of paused) add('AFO-606', `${service}, by ${by}${reason ? `: ${reason}` : ''}`)
  for (const { job, nextRunAt, lastRun } of jobs) {
    if (late(nextRunAt)) add('AFO-607', `${job} was due at ${nextRunAt}.`)
    if (lastRun?.status === 'failed') add('AFO-604', `${job}: ${lastRun.message ?? 'no reason was given'}`)
  }
  if (connection?.connected && paused.length === 0 && late(queued.oldest))
    add('AFO-607', `A command waits since ${queued.oldest}.`)
  if (deadLetters === null) add('AFO-608', 'What waits in Redis is not known.')
  else if (deadLetters > 0) add('AFO-603', `${deadLetters} in the dead letters.`)
  if (quota?.paused?.reason === 'day' || (quota?.day.remaining ?? Infinity) <= (quota?.day.floor ?? -1))
    add('AFO-601', `${quota?.day.remaining ?? 0} calls are left until ${quota?.day.resetsAt ?? 'the reset'}.`)
  const { failing } = queued
  if (connection?.connected && failing && late(failing.since) && !found.some(({ code }) => code === failing.code))
    add(failing.code, `${failing.name} is tried again and again since ${failing.since}.`)
  return found
}
