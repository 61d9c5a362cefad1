import { expect, test } from 'vitest'
import { settleRedirectUri } from './redirect-uri.js'

test.each([
  ['none saved', null, 'https://app.example.com', 'https://app.example.com/api/xero/callback', null],
  ['the same', 'https://a.example/xero/callback', 'https://a.example', 'https://a.example/xero/callback', null],
  [
    'localhost on a public site',
    'http://localhost:3001/api/xero/callback',
    'https://a.example',
    'https://a.example/api/xero/callback',
    'localhost',
  ],
  [
    'another domain',
    'https://old.example/api/xero/callback',
    'https://new.example',
    'https://new.example/api/xero/callback',
    'domain',
  ],
  [
    'another scheme',
    'http://a.example/api/xero/callback',
    'https://a.example',
    'https://a.example/api/xero/callback',
    'domain',
  ],
  [
    'another port',
    'http://localhost:3001/api/xero/callback',
    'http://localhost:4000',
    'http://localhost:4000/api/xero/callback',
    'domain',
  ],
  [
    'a path that nobody serves',
    'https://a.example/elsewhere',
    'https://a.example',
    'https://a.example/api/xero/callback',
    'domain',
  ],
  [
    'a loopback address, which Xero does not take',
    null,
    'http://127.0.0.1:3001',
    'http://localhost:3001/api/xero/callback',
    null,
  ],
  [
    'the same by its other name',
    'http://localhost:3001/api/xero/callback',
    'http://127.0.0.1:3001',
    'http://localhost:3001/api/xero/callback',
    null,
  ],
])('%s', (_name, saved, origin, uri, shift) => {
  expect(settleRedirectUri(saved, origin)).toEqual({ uri, shift })
})
