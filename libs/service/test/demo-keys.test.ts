import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { demoKeys, demoSupabaseUrl, isDemo } from '../src/demo-keys.js'

const demo = parseEnv(readFileSync(new URL('../../../deploy/demo.env', import.meta.url), 'utf8')) as Record<
  string,
  string
>

test('the known keys are those of deploy/demo.env', () => {
  expect(demo).toMatchObject({ ...demoKeys, SUPABASE_URL: demoSupabaseUrl })
  expect(isDemo(demo)).toBe(true)
})

test.each(Object.entries(demoKeys))('%s of the demo is refused beside a real Supabase', (name, value) => {
  expect(() => isDemo({ SUPABASE_URL: 'https://real.supabase.co', [name]: value })).toThrow(`${name} is the demo's`)
})

test('keys of one’s own are nobody’s business', () => {
  expect(isDemo({ SUPABASE_URL: 'https://real.supabase.co', SERVICE_TOKEN: 'own' })).toBe(false)
})
