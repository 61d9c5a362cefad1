import type { AlertCause, AlertFacts, DueDelivery, Settings } from '@afo/contracts'
import type { Db } from '@afo/db'
import { type Log, newId, type TimeScale, toAppError } from '@afo/kit'
import { compose } from './message.js'
import { planAlert } from './plan.js'
import type { Secrets, Sender } from './ports.js'

export interface AlertingPorts {
  readonly db: Db
  readonly log: Log
  readonly scale: TimeScale
  readonly timeZone: string
  /** Where people look, for the last line; null where it isn't known. */
  readonly link: string | null
  readonly settings: { read(group: 'alerts'): Promise<Settings<'alerts'>> }
  readonly secrets: () => Promise<Secrets>
  readonly senders: Readonly<Record<'email' | 'webhook', Sender>>
  /** What Redis knows. @throws AppError where it doesn't answer */
  readonly quota: () => Promise<AlertCause[]>
  readonly deadLetters: () => Promise<AlertCause[]>
}

const settled = {
  dayMs: 86_400_000,
  leaseMs: 120_000,
  firstRetryMs: 30_000,
  lastRetryMs: 3_600_000,
  tries: 24,
  atOnce: 10,
}

export type Alerting = ReturnType<typeof createAlerting>

/** Finds what should be said, says it once, and delivers. Safe in every replica: Postgres decides who says and who sends. */
export function createAlerting(ports: AlertingPorts) {
  const { db, log, scale, settings } = ports

  /** Says what was not said yet and may be said now. Answers whether it said something. */
  async function say(): Promise<boolean> {
    const rules = await settings.read('alerts')
    const targets = targetsOf(rules)
    if (targets.length === 0) return false
    const facts: AlertFacts = {
      dayMs: scale.ms(settled.dayMs),
      quota: await known(ports.quota),
      deadLetters: await known(ports.deadLetters),
    }
    const { now, slot: lastSlot, groups } = await db.rpc('sync_alerts_unsaid', { p_facts: facts })
    const plan = planAlert(groups, rules, localTime(now, ports.timeZone), lastSlot)
    if (plan.say.length === 0 && plan.slot === null) return false
    const said = await db.rpc('sync_alerts_say', {
      p_facts: facts,
      p_said: plan.say.map(({ kind, mark }) => ({ kind, mark })),
      p_slot: plan.slot,
      p_alert: plan.say.length === 0 ? null : { id: newId(), test: false, ...compose(plan.say, ports.link), targets },
    })
    return said && plan.say.length > 0
  }

  /** Sends what is due. What fails is tried again, later each time, for about a day. */
  async function deliverDue(): Promise<number> {
    const due = await db.rpc('sync_alerts_take', {
      p_limit: settled.atOnce,
      p_lease_ms: scale.ms(settled.leaseMs, 30_000),
    })
    if (due.length > 0) {
      const [rules, secrets] = await Promise.all([settings.read('alerts'), known(ports.secrets)])
      await Promise.all(due.map((delivery) => send(delivery, rules, secrets)))
    }
    return due.length
  }

  /** One round at a time: who asks for a delivery learns how it went, though the loop took it. */
  let round: Promise<unknown> = Promise.resolve()
  function deliver(): Promise<number> {
    const next = round.then(deliverDue)
    round = next.catch(() => undefined)
    return next
  }

  async function send(
    { id, channel, attempts, alert }: DueDelivery,
    rules: Settings<'alerts'>,
    secrets: Secrets | null,
  ) {
    let error: string | null = null
    try {
      if (secrets === null) error = 'The vault does not answer'
      else await ports.senders[channel](alert, rules, secrets)
    } catch (thrown) {
      const failure = toAppError(thrown)
      error = failure.message
      log.warn({ err: failure, channel, alertId: alert.id, attempts }, 'alert not delivered')
    }
    const retryMs = Math.min(settled.lastRetryMs, settled.firstRetryMs * 2 ** Math.min(attempts - 1, 10))
    await db.rpc('sync_alerts_delivered', {
      p_id: id,
      p_error: error,
      p_retry_ms: attempts < settled.tries ? scale.ms(retryMs, 100) : null,
    })
  }

  /** What can't be read now is looked at the next time. */
  const known = <T>(read: () => Promise<T>): Promise<T | null> =>
    read().catch((thrown: unknown) => {
      log.warn({ err: toAppError(thrown) }, 'alerts: something could not be looked at')
      return null
    })

  /** An alert about nothing, on every way that is set; null where none is. */
  async function test(by: string): Promise<string | null> {
    const targets = targetsOf(await settings.read('alerts'))
    if (targets.length === 0) return null
    const id = newId()
    const subject = 'AmpedFieldOps: a test'
    const text = `${by} asked for this test. Alerts arrive here.`
    const facts = { dayMs: settled.dayMs, quota: null, deadLetters: null }
    const alert = { id, kinds: [], causes: 0, subject, text, test: true, targets }
    await db.rpc('sync_alerts_say', { p_facts: facts, p_said: [], p_slot: null, p_alert: alert })
    await deliver()
    return id
  }

  return { say, deliver, test }
}

/** The ways that are set. A webhook's address is a secret, so it goes by its kind. */
const targetsOf = ({ email, webhook }: Settings<'alerts'>) => [
  ...(email === null ? [] : [{ channel: 'email' as const, target: email.to.join(', ') }]),
  ...(webhook ? [{ channel: 'webhook' as const, target: 'webhook' }] : []),
]

/** The office's date and time of day. */
function localTime(instant: string, timeZone: string): { date: string; time: string } {
  const at = new Date(instant)
  const date = new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  return { date, time }
}
