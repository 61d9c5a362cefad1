import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, env, readConfig } from './config.js'

const schema = z.object({
  PORT: env.port().default(3001),
  REDIS_URL: env.url(),
  SERVICE_TOKEN: env.secret(),
  RETRIES: env.int(1, 10).default(3),
  FRONTEND_URL: env.list().default([]),
})
const good = { REDIS_URL: 'redis://127.0.0.1:6379', SERVICE_TOKEN: 'canary' }

describe('readConfig', () => {
  test('fills in defaults and ignores what it does not know', () => {
    const config = readConfig(schema, { ...good, HOME: '/root' })
    expect(config).toMatchObject({ PORT: 3001, RETRIES: 3, FRONTEND_URL: [] })
    expect(config).not.toHaveProperty('HOME')
  })

  test('names every problem at once, and never a value', () => {
    const bad = { PORT: '80a', REDIS_URL: '', RETRIES: '11', SERVICE_TOKEN: '' }
    const error = catchError(() => readConfig(schema, bad))
    expect(error.problems).toHaveLength(4)
    expect(error.message).toContain('REDIS_URL is missing')
    expect(error.message).not.toContain('80a')
  })

  test.each(['', ' ', '1e3', '0x10', '-1', '70000'])('refuses %j as a port instead of taking the default', (PORT) => {
    if (PORT === '') expect(readConfig(schema, { ...good, PORT }).PORT).toBe(3001)
    else expect(() => readConfig(schema, { ...good, PORT })).toThrow(ConfigError)
  })

  test('a secret shows itself only when asked', () => {
    const { SERVICE_TOKEN } = readConfig(schema, good)
    expect(`${SERVICE_TOKEN} ${JSON.stringify({ SERVICE_TOKEN })}`).not.toContain('canary')
    expect(SERVICE_TOKEN.reveal()).toBe('canary')
  })

  test('a list is split and trimmed', () => {
    expect(readConfig(schema, { ...good, FRONTEND_URL: 'http://a, http://b,' }).FRONTEND_URL).toEqual([
      'http://a',
      'http://b',
    ])
  })
})

function catchError(work: () => unknown): ConfigError {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigError) return error
  }
  throw new Error('expected a ConfigError')
}
