import { expect, test } from 'vitest'
import type { OverviewRow } from '../rest/overview.js'
import { overviewOf } from './troubles.js'

const at = '2026-11-25T02:00:00Z'
const waiting = (oldest: string | null, failing: OverviewRow['queued']['failing'] = null) => ({
  count: 1,
  oldest,
  failing,
})
const row = (over: Partial<OverviewRow> = {}): OverviewRow => ({
  at,
  connection: {
    connected: true,
    tenantId: 't',
    tenantName: 'Demo',
    disconnectedReason: null,
    refreshedAt: at,
    refreshedAgoMs: 0,
  },
  paused: [],
  running: [],
  queued: waiting(null),
  jobs: [],
  lastSuccessAt: null,
  failures: { count: 0, money: '0' },
  conflicts: 0,
  matches: 0,
  unbilled: { costCentres: 0, timesheets: 0, hours: '0', money: '0', withoutRate: 0 },
  unpaid: { count: 0, money: '0' },
  overdue: { count: 0, money: '0' },
  ...over,
})
const longAgo = '2026-11-25T01:30:00Z'
const failing = (code: 'AFO-601' | 'AFO-602', since: string) => ({ name: 'items.import', code, since })
const dayMs = 86_400_000
const quota = (remaining: number) => ({ paused: null, day: { remaining, floor: 100, resetsAt: null } }) as never
const late = { job: 'contacts', nextRunAt: '2026-11-25T01:45:00Z', lastRun: null }
const failed = { ...late, nextRunAt: at, lastRun: { status: 'failed', message: 'No' } } as never

test.each<[string, Partial<OverviewRow>, number | null, unknown]>([
  ['AFO-101', { connection: null }, 0, null],
  [
    'AFO-102',
    { connection: { ...row().connection, connected: false, disconnectedReason: 'missing-scope' } as never },
    0,
    null,
  ],
  [
    'AFO-104',
    {
      connection: { ...row().connection, connected: false, disconnectedReason: 'secret-refused' } as never,
      queued: waiting(longAgo),
    },
    0,
    null,
  ],
  ['AFO-103', { connection: { ...row().connection, refreshedAgoMs: 54 * dayMs } as never }, 0, null],
  ['AFO-601', {}, 0, quota(100)],
  ['AFO-603', {}, 2, null],
  ['AFO-604', { jobs: [failed] }, 0, null],
  ['AFO-606', { paused: [{ service: 'invoicing', at, by: 'Ada', reason: null }] }, 0, null],
  ['AFO-607', { jobs: [late] }, 0, null],
  ['AFO-607', { queued: waiting(longAgo) }, 0, null],
  ['AFO-608', {}, null, null],
  ['AFO-602', { queued: waiting(null, failing('AFO-602', longAgo)) }, 0, null],
  ['AFO-601', { queued: waiting(null, failing('AFO-601', longAgo)) }, 0, quota(100)],
])('%s keeps the whole from working: %j', (code, over, deadLetters, known) => {
  const { healthy, troubles } = overviewOf(row(over), { deadLetters, quota: known as never })
  expect(healthy).toBe(false)
  expect(troubles.map((trouble) => trouble.code)).toEqual([code])
})

test('a first failure is no trouble yet', () => {
  const queued = waiting(null, failing('AFO-602', at))
  expect(overviewOf(row({ queued }), { deadLetters: 0, quota: null }).troubles).toEqual([])
})

test('a refused secret is told in words, with what to do', () => {
  const connection = { ...row().connection, connected: false, disconnectedReason: 'secret-refused' } as never
  expect(overviewOf(row({ connection }), { deadLetters: 0, quota: null }).troubles[0]).toMatchObject({
    title: 'Xero refused the client secret',
    detail: expect.stringMatching(/^The secret/),
    remedy: expect.stringContaining('Settings > Xero'),
  })
})

test('what waits for a person is no trouble of the whole', () => {
  const { healthy, needsMe } = overviewOf(row({ failures: { count: 2, money: '10' }, matches: 1 }), {
    deadLetters: 0,
    quota: quota(500),
  })
  expect({ healthy, total: needsMe.total }).toEqual({ healthy: true, total: 3 })
})
