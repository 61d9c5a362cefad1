import { writeFileSync } from 'node:fs'
import { processEnvironment } from '@afo/kit'
import { type ServiceRig, serviceRig } from '@afo/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../../src/service.js'
import { bare, reset } from '../company.js'
import { histories, syncAll } from './commands.js'
import { examine } from './examine.js'
import type { Model } from './model.js'

// A slice that fits CI; HISTORIES and SEED make it longer or repeat one. `npm run soak` sets the minutes and the file for its figures.
const { HISTORIES, SEED, SOAK_MINUTES, SOAK_FIGURES } = processEnvironment()
const numRuns = Number(HISTORIES || 12)
const minutes = Number(SOAK_MINUTES || 0)

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { timeScale: 60, xero: bare() })
})
afterAll(() => rig?.close())

async function play(commands: Iterable<fc.AsyncCommand<Model, ServiceRig>>) {
  await reset(rig)
  const model: Model = { pairs: [], strangers: 0, steps: 0 }
  await fc.asyncModelRun(() => ({ model, real: rig }), commands)
  rig.xero.control.clearFaults()
  await syncAll(model, rig)
  return { steps: model.steps, ...(await examine(model, rig)) }
}

test.runIf(minutes === 0)(
  `${numRuns} histories end with both sides equal but for open questions, nobody twice, no edit lost`,
  { timeout: 30_000 + numRuns * 30_000 },
  async () => {
    const property = fc.asyncProperty(histories(20), async (commands) => {
      expect((await play(commands)).findings).toEqual([])
    })
    await fc.assert(property, { numRuns, endOnFailure: false, ...(SEED ? { seed: Number(SEED) } : {}) })
  },
)

test.runIf(minutes > 0)(`histories for ${minutes} minutes`, { timeout: (minutes + 2) * 60_000 }, async () => {
  const figures = { histories: 0, steps: 0, duplicates: 0, lostEdits: 0, diverged: 0, openQuestions: 0 }
  const count = { duplicate: 'duplicates', lostEdit: 'lostEdits', diverged: 'diverged' } as const
  const until = Date.now() + minutes * 60_000
  for (let seed = Number(SEED || 1); Date.now() < until; seed++) {
    const [commands = []] = fc.sample(histories(20), { numRuns: 1, seed })
    const { steps, findings, openQuestions } = await play(commands)
    figures.histories++
    figures.steps += steps
    figures.openQuestions += openQuestions
    for (const { kind, what } of findings) {
      figures[count[kind]]++
      process.stderr.write(`seed ${seed}: ${kind}: ${what}\n`)
    }
    if (SOAK_FIGURES) writeFileSync(SOAK_FIGURES, JSON.stringify(figures))
  }
  expect(figures).toMatchObject({ duplicates: 0, lostEdits: 0, diverged: 0 })
})
