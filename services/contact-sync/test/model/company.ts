import type { ServiceRig } from '@afo/testing'
import fc from 'fast-check'
import { clientsById, reset } from '../company.js'
import { examine, type Finding } from './examine.js'
import { type History, type Pair, settle, takenName } from './model.js'
import { person, type Step, someStep } from './steps.js'

/** Several histories in one company: each has clients of its own; Xero, its faults and clock, syncs and crashes are common to them. */
export interface Company {
  readonly rig: ServiceRig
  readonly histories: readonly History[]
  /** Contacts that a person made in Xero, without a client. */
  strangers: number
  /** Pairs of which webhooks were sent that nobody has waited for yet. */
  readonly told: Set<Pair>
}

interface WorldStep {
  run(company: Company): Promise<void>
  toString(): string
}
const world = (name: string, run: WorldStep['run']): WorldStep => ({ run, toString: () => name })

const faults = [
  'reset-after-commit',
  'reset-before',
  'error-503',
  'error-500-after-commit',
  'garbage-200-after-commit',
] as const

const nothing = world('nothing', async () => undefined)
const sync = world('sync', syncAll)
const faulted = (kind: (typeof faults)[number], method: 'PUT' | 'POST') =>
  world(`the next ${method} ends in ${kind}`, async ({ rig }) => {
    rig.xero.control.addFault({ kind, match: { method, path: '/Contacts' } })
  })
const clockJump = (minutes: number) =>
  world(`the clock of Xero goes ${minutes} minutes on`, async ({ rig }) => {
    rig.xero.control.moveClock({ advanceMs: minutes * 60_000 })
  })
/** Its calls to Xero say how far it came: the last one may have been done and its answer lost. */
const crash = (calls: number) =>
  world(`contact-sync is killed at call ${calls} of a sync`, async (company) => {
    const { rig } = company
    rig.xero.control.clearCalls()
    let over = false
    const synced = syncAll(company).finally(() => {
      over = true
    })
    await rig.until('its calls', () => over || rig.xero.control.calls().length >= calls)
    await rig.replicas.at(-1)?.kill()
    await rig.start()
    await synced
  })

const someWorldStep: fc.Arbitrary<WorldStep> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(nothing) },
  { weight: 3, arbitrary: fc.constant(sync) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...faults), fc.constantFrom<'PUT' | 'POST'>('PUT', 'POST'))
      .map(([kind, method]) => faulted(kind, method)),
  },
  { weight: 1, arbitrary: fc.constantFrom(1, 15, 1_440).map(clockJump) },
  { weight: 1, arbitrary: fc.nat(3).map(crash) },
)

export interface Plan {
  readonly world: readonly WorldStep[]
  readonly lives: readonly (readonly Step[])[]
}
const atMost = { maxLength: 24, size: 'max' } as const
export const plans = (histories: { readonly minLength: number; readonly maxLength: number }): fc.Arbitrary<Plan> =>
  fc.record({
    world: fc.array(someWorldStep, atMost),
    lives: fc.array(fc.array(someStep, atMost), histories),
  })

export interface Played {
  readonly histories: number
  readonly steps: number
  readonly findings: readonly Finding[]
  readonly openQuestions: number
}

/** Plays a plan from an empty company, then syncs once more and looks at both sides. */
export async function play(rig: ServiceRig, plan: Plan): Promise<Played> {
  await reset(rig)
  person(rig).createContact({ Name: takenName })
  const histories = plan.lives.map((): History => ({ pairs: [], steps: 0 }))
  const company: Company = { rig, histories, strangers: 1, told: new Set() }
  const rounds = Math.max(plan.world.length, ...plan.lives.map((life) => life.length))
  for (let round = 0; round < rounds; round++) {
    for (const [i, history] of histories.entries()) await plan.lives[i]?.[round]?.run(history, company)
    if (company.told.size > 0) await hearWebhooks(company)
    await plan.world[round]?.run(company)
  }
  rig.xero.control.clearFaults()
  await syncAll(company)
  const steps = histories.reduce((sum, history) => sum + history.steps, 0) + plan.world.length
  return { histories: histories.length, steps, ...(await examine(company)) }
}

async function hearWebhooks({ rig, told }: Company): Promise<void> {
  await rig.until('the webhooks to be handled', async () =>
    (await rig.bus.figures()).every(
      (f) => f.stream !== 'commands.contact-sync' || (f.pending === 0 && f.length === 0 && f.delayed === 0),
    ),
  )
  for (const pair of told) settle(pair)
  told.clear()
}

/** A sync, after which each pair has to be as the model says. */
async function syncAll({ rig, histories }: Company): Promise<void> {
  const ended = await rig.run('contacts.sync')
  if (ended.state !== 'done') throw new Error(`the sync ended ${ended.state}: ${JSON.stringify(ended.problem)}`)
  const pairs = histories.flatMap((history) => history.pairs)
  const client = await clientsById(
    rig,
    pairs.map(({ clientId }) => clientId),
  )
  for (const pair of pairs) {
    const row = client(pair.clientId)
    pair.contactId ??= row.xero_contact_id ?? null
    if (pair.contactId === null) throw new Error(`${pair.clientId} has no contact`)
    if (row.xero_contact_id !== pair.contactId) throw new Error(`${pair.clientId} is linked elsewhere`)
    settle(pair)
  }
}
