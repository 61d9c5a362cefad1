import type { AlertGroup } from '@afo/contracts'
import { expect, test } from 'vitest'
import { compose } from './message.js'
import { webhookBody } from './webhook.js'

const line = (text: string, money: string | null = null) => ({ code: null, text, money })
const failures: AlertGroup = {
  kind: 'failures',
  count: 1_000,
  money: '2300.00',
  mark: 'm',
  lines: [line('Ben: no rate', '115.00'), { code: 'AFO-603', text: 'x', money: null }],
}
const lost: AlertGroup = { kind: 'disconnected', count: 1, money: null, mark: 'm', lines: [line('Demo: gone')] }

test('the most urgent is the subject; a thousand are one chapter, with what to do', () => {
  const { subject, text, causes, kinds } = compose([failures, lost], 'https://afo.example/app')
  expect(subject).toBe('AmpedFieldOps: Xero is not connected (and 1 more)')
  expect([causes, kinds]).toEqual([1_001, ['disconnected', 'failures']])
  expect(text.split('\n')).toEqual([
    'Xero is not connected',
    '- Demo: gone',
    '',
    '1000 things have waited for a day, 2300.00 at stake',
    '- Ben: no rate (115.00)',
    '- x',
    '  AFO-603: Look at the dead letters; redrive them when the cause is gone.',
    '- and 998 more',
    '',
    'https://afo.example/app',
  ])
})

test('a name can not call a channel or become a link', () => {
  const alert = {
    id: 'i',
    at: '2026-11-25T00:00:00Z',
    kinds: [],
    causes: 1,
    subject: 'S',
    text: '<!channel> & <http://x|y>',
    test: false,
  }
  expect(JSON.parse(webhookBody(alert)).text).toBe('*S*\n&lt;!channel&gt; &amp; &lt;http://x|y&gt;')
})
