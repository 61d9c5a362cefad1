import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { withContext } from './context.js'
import { AppError } from './errors.js'
import { createLog } from './log.js'
import { Secret } from './secret.js'

function capture() {
  const lines: string[] = []
  const log = createLog(
    'test',
    'info',
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    }),
  )
  return { log, lines }
}

test('lines carry the correlation id of their work', () => {
  const { log, lines } = capture()
  withContext({ correlationId: 'c-1' }, () => log.info({ n: 1 }, 'hello'))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ service: 'test', correlationId: 'c-1', n: 1, msg: 'hello' })
})

test('no secret gets through, however it is put', () => {
  const { log, lines } = capture()
  const secret = new Secret('canary')
  log.info(
    { secret, deep: { token: 'canary', deeper: { client_secret: 'canary' } }, authorization: 'canary' },
    `is ${secret}`,
  )
  expect(lines.join('')).not.toContain('canary')
})

test('an error shows its kind, code and cause', () => {
  const { log, lines } = capture()
  log.error({ err: new AppError('unavailable', 'gone', { code: 'x', cause: new Error('inner') }) }, 'failed')
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    kind: 'unavailable',
    code: 'x',
    message: 'gone',
    cause: { message: 'inner' },
  })
})
