import { expect, test } from 'vitest'
import { failureOf } from './of-problem.js'

test.each([
  ['AFO-101', { status: 503, code: 'xero-disconnected' }],
  ['AFO-102', { status: 503, code: 'xero-disconnected', reason: 'missing-scope' }],
  ['AFO-104', { status: 409, code: 'credentials-refused' }],
  ['AFO-415', { status: 422, code: 'AFO-415' }],
  ['AFO-601', { status: 429, code: 'xero-limit-day' }],
  ['AFO-602', { status: 503, code: 'xero-unavailable' }],
  ['AFO-602', { status: 503, code: 'never seen before' }],
  ['AFO-603', { status: 400, code: 'invalid' }],
  ['AFO-604', { status: 422, code: 'xero-rejected' }],
  ['AFO-605', { status: 422, code: 'switched-off' }],
  ['AFO-608', { status: 503, code: 'redis-unavailable' }],
  ['AFO-699', { status: 500, code: 'bug' }],
] as const)('%s explains %j', (code, problem) => {
  expect(failureOf(problem)).toBe(code)
})
