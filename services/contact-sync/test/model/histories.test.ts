import { processEnvironment } from '@afo/kit'
import { type ServiceRig, serviceRig } from '@afo/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../../src/service.js'
import { bare, client, contacts, openConflicts, reset } from '../company.js'
import { histories, syncAll, theirsOf } from './commands.js'
import { conflicting, fields, type Model } from './model.js'

// A slice that fits CI; HISTORIES and SEED make it longer or repeat one.
const { HISTORIES, SEED } = processEnvironment()
const numRuns = Number(HISTORIES || 12)

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { timeScale: 60, xero: bare() })
})
afterAll(() => rig?.close())

/** Both sides are as the model says, in every field, and nobody is there twice. */
async function check(model: Model) {
  const open = await openConflicts(rig)
  for (const pair of model.pairs) {
    const row = await client(rig, pair.clientId)
    const ours = Object.fromEntries(fields.map((f) => [f, row[f]]))
    expect({ ours, theirs: theirsOf(rig, pair.contactId ?? '') }).toEqual({ ours: pair.ours, theirs: pair.theirs })
    expect(row.archived_at !== null).toBe(pair.archived)
    expect(open.filter((c) => c.client_id === pair.clientId).map((c) => c.field)).toEqual(
      fields.filter((f) => conflicting(pair, f)).sort(),
    )
  }
  const numbers = contacts(rig).map((c) => c.ContactNumber)
  expect(numbers.filter((n) => n !== undefined)).toHaveLength(new Set(numbers.filter((n) => n !== undefined)).size)
  expect(contacts(rig)).toHaveLength(model.pairs.length + model.strangers)
  expect(new Set(model.pairs.map((pair) => pair.contactId)).size).toBe(model.pairs.length)
}

test(`${numRuns} histories end with both sides equal but for open questions, nobody twice, no edit lost`, {
  timeout: 30_000 + numRuns * 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(histories(20), async (commands) => {
      await reset(rig)
      const model: Model = { pairs: [], strangers: 0, steps: 0 }
      await fc.asyncModelRun(() => ({ model, real: rig }), commands)
      rig.xero.control.clearFaults()
      await syncAll(model, rig)
      await check(model)
    }),
    { numRuns, endOnFailure: false, ...(SEED ? { seed: Number(SEED) } : {}) },
  )
})
