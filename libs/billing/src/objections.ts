import { type FailureCode, failures } from '@afo/contracts'

/** Why an invoice should not be made, or should be looked at first. */
export interface Objection {
  readonly code: FailureCode
  readonly title: string
  /** What exactly is wrong here. */
  readonly detail: string
  readonly remedy: string
  /** The invoice isn't made as long as this stands. */
  readonly blocks: boolean
  /** A person may say to go on all the same. */
  readonly overrulable: boolean
}

interface Rule {
  readonly blocks: boolean
  readonly overrulable: boolean
}

const never: Rule = { blocks: true, overrulable: false }
const unlessForced: Rule = { blocks: true, overrulable: true }
const warning: Rule = { blocks: false, overrulable: true }

/** What each objection does. What Xero itself refuses can't be overruled; what is our own caution can. */
const rules = {
  'AFO-401': never,
  'AFO-402': never,
  'AFO-403': warning,
  'AFO-404': unlessForced,
  'AFO-405': unlessForced,
  /** Forced, the timesheets without a rate are left out and stay unbilled. */
  'AFO-406': unlessForced,
  'AFO-407': never,
  'AFO-408': never,
  'AFO-409': never,
  'AFO-410': never,
  'AFO-411': never,
  'AFO-412': warning,
  'AFO-413': never,
  /** Forced, the timesheets that can't be billed are left out. */
  'AFO-414': unlessForced,
  'AFO-417': never,
  'AFO-418': never,
  'AFO-419': never,
  'AFO-421': warning,
  'AFO-422': never,
  'AFO-424': never,
  'AFO-425': never,
} as const satisfies Partial<Record<FailureCode, Rule>>
export type ObjectionCode = keyof typeof rules

/** @param force codes that the person overrules */
export function objection(code: ObjectionCode, detail: string, force: readonly string[]): Objection {
  const { blocks, overrulable } = rules[code]
  const { title, remedy } = failures[code]
  return { code, title, detail, remedy, overrulable, blocks: blocks && !(overrulable && force.includes(code)) }
}
