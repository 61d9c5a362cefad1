import { describe, expect, test } from 'vitest'
import { readOutside } from './outside.js'
import { parseReplicas, serviceSpecs, slotsOf } from './services.js'

const around = {
  redisUrl: 'redis://127.0.0.1:1',
  supabase: {
    url: 'http://127.0.0.1:2',
    secretKey: 'sb_secret_x',
    publishableKey: 'sb_publishable_x',
    databaseUrl: null,
  },
  xero: { apiUrl: 'http://127.0.0.1:3', identityUrl: 'http://127.0.0.1:3', loginUrl: 'http://127.0.0.1:3' },
  secrets: {
    encryptionKey: 'k',
    serviceToken: 't',
    webhookKey: 'w',
    adminPassword: 'p',
    xeroClientId: 'i',
    xeroClientSecret: 's',
  },
}
const slots = slotsOf({ invoicing: 2 }).map((slot, i) => ({ ...slot, port: 3001 + i }))

test('each service runs once unless more are asked for', () => {
  expect(slots.map(({ service, number }) => `${service} ${number}`)).toEqual([
    'gateway 1',
    'xero-auth 1',
    'contact-sync 1',
    'item-sync 1',
    'invoicing 1',
    'invoicing 2',
    'payments 1',
  ])
})

test('replicas share a name and have logs of their own', () => {
  const invoicing = serviceSpecs(slots, around, {}, '/logs').filter(({ name }) => name === 'invoicing')
  expect(invoicing.map(({ logFile, healthUrl }) => [logFile, healthUrl])).toEqual([
    ['/logs/invoicing.log', 'http://127.0.0.1:3005/health'],
    ['/logs/invoicing-2.log', 'http://127.0.0.1:3006/health'],
  ])
})

test('services find each other, and people find the gateway where Xero lets them come back', () => {
  const [gateway] = serviceSpecs(slots, around, {}, '/logs')
  expect(gateway?.env).toMatchObject({
    XERO_AUTH_URL: 'http://127.0.0.1:3002',
    INVOICING_URL: 'http://127.0.0.1:3005',
    PUBLIC_URL: 'http://localhost:3001',
    PORT: '3001',
  })
})

test('what the environment says goes before what the stack makes up', () => {
  const [gateway] = serviceSpecs(
    slots,
    around,
    { ENCRYPTION_KEY: 'mine', LOG_LEVEL: 'debug', PUBLIC_URL: 'https://ops.example' },
    '/logs',
  )
  expect(gateway?.env).toMatchObject({
    ENCRYPTION_KEY: 'mine',
    LOG_LEVEL: 'debug',
    PUBLIC_URL: 'https://ops.example',
    SERVICE_TOKEN: 't',
  })
})

test.each(['invoicing', 'invoicing=0', 'books=2', 'invoicing=many'])('--replicas %s is refused', (text) => {
  expect(() => parseReplicas([text])).toThrow('--replicas takes SERVICE=NUMBER')
})

describe('what is there already', () => {
  test('nothing set, everything is started', () => expect(readOutside({ REDIS_URL: '' })).toEqual({}))
  test('one address of Xero means a real one, the others follow', () => {
    expect(readOutside({ XERO_API_URL: 'https://api.xero.com' }).xero).toEqual({
      apiUrl: 'https://api.xero.com',
      identityUrl: 'https://identity.xero.com',
      loginUrl: 'https://login.xero.com',
    })
  })
  test('a Supabase without its key is refused', () => {
    expect(() => readOutside({ SUPABASE_URL: 'https://x.supabase.co' })).toThrow('SUPABASE_SERVICE_ROLE_KEY is missing')
  })
})
