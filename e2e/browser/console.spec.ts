import { afterAll, beforeAll, describe } from 'vitest'
import { alerts } from './stories/alerts.js'
import { atWork } from './stories/at-work.js'
import { billing } from './stories/billing.js'
import { history } from './stories/history.js'
import { looks } from './stories/looks.js'
import { newcomer } from './stories/newcomer.js'
import { qaList } from './stories/qa-list.js'
import { questions } from './stories/questions.js'
import { reports } from './stories/reports.js'
import { scale } from './stories/scale.js'
import { secrets } from './stories/secrets.js'
import { sessions } from './stories/sessions.js'
import { states } from './stories/states.js'
import { stuck } from './stories/stuck.js'
import { weight } from './stories/weight.js'
import { openWorld, type World } from './world.js'

const world = {} as World
let close: (() => Promise<void>) | undefined

beforeAll(async () => {
  const opened = await openWorld()
  close = opened.close
  Object.assign(world, opened.world)
})
afterAll(() => close?.())

// In this order, on one stack: each story goes on where the one before left the office.
describe('a newcomer, by what the pages say alone', () => newcomer(world))
describe("the brief's QA list", () => qaList(world))
describe('an office at work', () => atWork(world))
describe('orders, and what was billed wrongly', () => billing(world))
describe('questions about contacts', () => questions(world))
describe('what is stuck', () => stuck(world))
describe('do both sides agree', () => reports(world))
describe('what has happened', () => history(world))
describe('who is told', () => alerts(world))
describe('every page', () => looks(world))
describe('every state', () => states(world))
describe('ten thousand', () => scale(world))
describe('coming and going', () => sessions(world))
describe('what the browser was sent', () => {
  weight()
  secrets(world)
})
