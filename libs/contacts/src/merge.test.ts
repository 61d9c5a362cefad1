import { type ClientFields, type OwnerRule, type SomeFields, type SyncedField, syncedFields } from '@afo/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Merge, type MergeRules, merge, type Sides } from './merge.js'

const value = fc.constantFrom(null, 'a', 'b', 'c')
const fields = fc.record(Object.fromEntries(syncedFields.map((f) => [f, value]))) as fc.Arbitrary<ClientFields>
const base = fc.record(Object.fromEntries(syncedFields.map((f) => [f, value])), {
  requiredKeys: [],
}) as fc.Arbitrary<SomeFields>
const owners = fc.dictionary(
  fc.constantFrom(...syncedFields),
  fc.constantFrom<OwnerRule>('ours', 'xero', 'newest', 'ask'),
) as fc.Arbitrary<MergeRules['owners']>
const rules = fc.record({ owners, newer: fc.constantFrom<'ours' | 'xero'>('ours', 'xero') })
const sides: fc.Arbitrary<Sides> = fc.record({ base, ours: fields, theirs: fields })

/** Both sides and the base after the plan was carried out. */
const carriedOut = ({ base, ours, theirs }: Sides, plan: Merge): Sides => ({
  base: { ...base, ...plan.agreed, ...plan.toOurs, ...plan.toXero },
  ours: { ...ours, ...plan.toOurs },
  theirs: { ...theirs, ...plan.toXero },
})

const mirrored: Record<OwnerRule, OwnerRule> = { ours: 'xero', xero: 'ours', newest: 'newest', ask: 'ask' }

describe('merge', () => {
  test('converges in one round: afterwards the sides differ in open questions alone', () => {
    fc.assert(
      fc.property(sides, rules, (s, r) => {
        const plan = merge(s, r)
        const after = carriedOut(s, plan)
        const open = new Set(plan.conflicts.map((c) => c.field))
        for (const f of syncedFields) expect(after.ours[f] === after.theirs[f] || open.has(f)).toBe(true)
      }),
    )
  })

  test('is idempotent: a second round writes nothing and asks the same', () => {
    fc.assert(
      fc.property(sides, rules, (s, r) => {
        const plan = merge(s, r)
        const again = merge(carriedOut(s, plan), r)
        expect(again.toOurs).toEqual({})
        expect(again.toXero).toEqual({})
        expect(again.conflicts).toEqual(plan.conflicts)
      }),
    )
  })

  test('never loses a one-sided edit', () => {
    fc.assert(
      fc.property(fields, fields, rules, fc.boolean(), (before, edited, r, here) => {
        const s: Sides = { base: before, ours: here ? edited : before, theirs: here ? before : edited }
        const after = carriedOut(s, merge(s, r))
        expect(after.ours).toEqual(edited)
        expect(after.theirs).toEqual(edited)
      }),
    )
  })

  test('is symmetric: sides and owners swapped, the plan is swapped', () => {
    fc.assert(
      fc.property(sides, rules, (s, r) => {
        const plan = merge(s, r)
        const swapped = merge(
          { base: s.base, ours: s.theirs, theirs: s.ours },
          {
            owners: Object.fromEntries(Object.entries(r.owners).map(([f, rule]) => [f, mirrored[rule]])),
            newer: r.newer === 'ours' ? 'xero' : 'ours',
          },
        )
        expect(swapped.toOurs).toEqual(plan.toXero)
        expect(swapped.toXero).toEqual(plan.toOurs)
        expect(swapped.conflicts.map((c) => [c.field, c.theirs, c.ours])).toEqual(
          plan.conflicts.map((c) => [c.field, c.ours, c.theirs]),
        )
      }),
    )
  })

  test('a clash on one field holds no other field back', () => {
    fc.assert(
      fc.property(sides, rules, fc.constantFrom<SyncedField>(...syncedFields), (s, r, f) => {
        const clash: Sides = {
          base: { ...s.base, [f]: 'x' },
          ours: { ...s.ours, [f]: 'y' },
          theirs: { ...s.theirs, [f]: 'z' },
        }
        const { [f]: _, ...others } = r.owners
        const without = (fields: SomeFields) => Object.fromEntries(Object.entries(fields).filter(([k]) => k !== f))
        const plan = merge(clash, { ...r, owners: others })
        expect(plan.conflicts).toContainEqual({ field: f, base: 'x', ours: 'y', theirs: 'z' })
        expect(plan.toOurs).toEqual(without(merge(s, r).toOurs))
        expect(plan.toXero).toEqual(without(merge(s, r).toXero))
      }),
    )
  })

  test('at the first link an empty side takes the other, also where a rule names an owner', () => {
    const blank = Object.fromEntries(syncedFields.map((f) => [f, null])) as unknown as ClientFields
    const plan = merge(
      { base: {}, ours: { ...blank, name: 'A', email: 'e' }, theirs: { ...blank, name: 'B', phone: 'p' } },
      { owners: { email: 'xero', phone: 'ours', name: 'newest' }, newer: 'ours' },
    )
    expect(plan).toMatchObject({ toOurs: { phone: 'p' }, toXero: { email: 'e', name: 'A' }, conflicts: [] })
  })
})
