import { writeFileSync } from 'node:fs'
import { processEnvironment } from '@afo/kit'
import { type ServiceRig, serviceRig } from '@afo/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../../src/service.js'
import { bare } from '../company.js'
import { plans, play } from './company.js'

// A slice that fits CI; COMPANIES and SEED make it longer or repeat one. `npm run soak` sets the minutes and the file for its figures.
const { COMPANIES, SEED, SOAK_MINUTES, SOAK_FIGURES } = processEnvironment()
const numRuns = Number(COMPANIES || 2)
const minutes = Number(SOAK_MINUTES || 0)
/** In one company: what is common to them (a sync, a crash) costs most of the time. */
const histories = minutes > 0 ? 40 : 8

let rig: ServiceRig
beforeAll(async () => {
  const main = new URL('../../dist/main.js', import.meta.url)
  rig = await serviceRig(contactSync, { timeScale: 60, xero: bare(), main })
})
afterAll(() => rig?.close())

test.runIf(minutes === 0)(
  `${numRuns} companies of up to ${histories} histories each end with both sides equal but for open questions, nobody twice, no edit lost`,
  { timeout: 60_000 + numRuns * 120_000 },
  async () => {
    const property = fc.asyncProperty(plans({ minLength: 1, maxLength: histories }), async (plan) => {
      expect((await play(rig, plan)).findings).toEqual([])
    })
    await fc.assert(property, { numRuns, endOnFailure: false, ...(SEED ? { seed: Number(SEED) } : {}) })
  },
)

test.runIf(minutes > 0)(`histories for ${minutes} minutes`, { timeout: (minutes + 4) * 60_000 }, async () => {
  const figures = { histories: 0, steps: 0, duplicates: 0, lostEdits: 0, diverged: 0, openQuestions: 0 }
  const count = { duplicate: 'duplicates', lostEdit: 'lostEdits', diverged: 'diverged' } as const
  const until = Date.now() + minutes * 60_000
  for (let seed = Number(SEED || 1); Date.now() < until; seed++) {
    const [plan = { world: [], lives: [] }] = fc.sample(plans({ minLength: histories, maxLength: histories }), {
      numRuns: 1,
      seed,
    })
    const played = await play(rig, plan)
    figures.histories += played.histories
    figures.steps += played.steps
    figures.openQuestions += played.openQuestions
    for (const { kind, what } of played.findings) {
      figures[count[kind]]++
      process.stderr.write(`seed ${seed}: ${kind}: ${what}\n`)
    }
    if (SOAK_FIGURES) writeFileSync(SOAK_FIGURES, JSON.stringify(figures))
  }
  expect(figures).toMatchObject({ duplicates: 0, lostEdits: 0, diverged: 0 })
})
