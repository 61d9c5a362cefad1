import type { Candidate, ClientFields } from '@afo/contracts'
import { expect, test } from 'vitest'
import { planLink } from './link.js'

const candidate = (contactId: string, by: Candidate['by'], over: Partial<Candidate> = {}): Candidate => ({
  contactId,
  contactNumber: null,
  status: 'ACTIVE',
  mergedTo: null,
  isCustomer: false,
  fields: {} as ClientFields,
  phones: [],
  addresses: [],
  paymentTerms: null,
  updatedAt: null,
  by,
  linkedTo: null,
  contested: false,
  ...over,
})
const plan = (candidates: Candidate[], over: { create?: boolean; earlier?: boolean } = {}) =>
  planLink({ create: null, earlier: false, candidates, ...over })
const taken = { linkedTo: '00000000-0000-4000-8000-000000000001' }

test.each([
  ['our own number beats a better-looking one', [candidate('a', ['number']), candidate('b', ['email', 'name'])]],
  ['e-mail and name together beat either alone', [candidate('a', ['email', 'name']), candidate('b', ['email'])]],
  ['both together, though another client shares one of them', [candidate('a', ['email', 'name'], { contested: true })]],
  ['a single one by e-mail', [candidate('a', ['email'])]],
  ['a single one by name', [candidate('a', ['name'])]],
])('links: %s', (_, candidates) => {
  expect(plan(candidates)).toEqual({ kind: 'link', contactId: 'a' })
})

test.each([
  ['two by e-mail', 'several', [candidate('a', ['email']), candidate('b', ['email'])]],
  ['one by e-mail and another by name', 'several', [candidate('a', ['email']), candidate('b', ['name'])]],
  ['two that share both', 'several', [candidate('a', ['email', 'name']), candidate('b', ['email', 'name'])]],
  ['one that another client has', 'linked-elsewhere', [candidate('a', ['email'], taken)]],
  ['our number on a contact that another client has', 'linked-elsewhere', [candidate('a', ['number'], taken)]],
  ['one that another client could be just as well', 'contested', [candidate('a', ['email'], { contested: true })]],
] as const)('asks: %s', (_, reason, candidates) => {
  expect(plan([...candidates])).toEqual({ kind: 'ask', reason })
})

test('nothing in common: a new contact, after the client before it that shares something', () => {
  expect(plan([])).toEqual({ kind: 'create' })
  expect(plan([], { earlier: true })).toEqual({ kind: 'wait' })
})

test("a person's answer that it is none of them creates, but never beside a contact that has our number", () => {
  expect(plan([candidate('a', ['email'])], { create: true })).toEqual({ kind: 'create' })
  expect(plan([candidate('a', ['number'])], { create: true })).toEqual({ kind: 'link', contactId: 'a' })
})
