import { describe, expect, it } from 'vitest'
import { eventsOf, messagesFor } from './webhook.js'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const event = (n: number, more: object = {}) => ({
  resourceId: id(n),
  eventDateUtc: '2026-11-23T02:00:00.000',
  eventType: 'UPDATE',
  eventCategory: 'CONTACT',
  tenantId: 't1',
  ...more,
})

describe('eventsOf', () => {
  it('takes contacts and invoices in any spelling, each notice once, as UTC', () => {
    const events = eventsOf({
      events: [
        event(1, { eventType: 'Update', eventCategory: 'Contact' }),
        event(1),
        event(2, { eventCategory: 'SUBSCRIPTION' }),
        event(3, { eventCategory: 'INVOICE', eventDateUtc: '2026-11-23T02:00:00Z' }),
        event(4, { eventDateUtc: 'yesterday' }),
      ],
    })
    expect(events.map(({ resourceId, category, eventAt }) => [resourceId, category, eventAt])).toEqual([
      [id(1), 'CONTACT', '2026-11-23T02:00:00.000Z'],
      [id(3), 'INVOICE', '2026-11-23T02:00:00.000Z'],
    ])
  })
})

describe('messagesFor', () => {
  it('asks once for a contact that many notices name, in batches that fit, under ids a repeat shares', () => {
    const many = eventsOf({
      events: [
        ...Array.from({ length: 100 }, (_, i) => event(1, { eventDateUtc: new Date(i).toISOString() })),
        ...Array.from({ length: 1_100 }, (_, i) => event(i + 2, { eventCategory: 'INVOICE' })),
      ],
    })
    const messages = messagesFor(many)
    expect(messages.map(({ name, body }) => [name, Object.values(body)[0].length])).toEqual([
      ['contacts.pull', 1],
      ['payments.check', 400],
      ['payments.check', 400],
      ['payments.check', 300],
    ])
    expect(messages[0]?.body).toMatchObject({ changedAt: { [id(1)]: '1970-01-01T00:00:00.099Z' } })
    expect(messagesFor(many)).toEqual(messages)
    expect(new Set(messages.map((message) => message.id)).size).toBe(4)
  })
})
