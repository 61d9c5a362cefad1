/** A call that the story makes to Xero: how often at least and at most, for what, and why not less. */
interface StoryCall {
  readonly endpoint: string
  readonly calls: readonly [least: number, most: number]
  readonly what: string
  readonly why: string
}

/** Of one month of a company with 40 clients and 16 cost centres to bill. A range where replicas share the work or webhooks come when they like. */
export const storyCalls: readonly StoryCall[] = [
  {
    endpoint: 'GET /Contacts',
    calls: [1, 8],
    what: 'what Xero has, a page per 1,000',
    why: 'linking looks at our copy, never at Xero one by one; a webhook that is not an echo of our own writes is a read',
  },
  { endpoint: 'PUT /Contacts', calls: [1, 1], what: 'new clients', why: '50 in one call, each with our number' },
  {
    endpoint: 'POST /Contacts',
    calls: [1, 1],
    what: 'clients that Xero knew already',
    why: '50 in one call, the changed fields alone',
  },
  { endpoint: 'GET /Items', calls: [1, 1], what: 'the price list', why: 'Xero gives it whole' },
  {
    endpoint: 'GET /Organisation',
    calls: [1, 4],
    what: 'currency, time zone, lock dates',
    why: 'kept for a while by each replica that bills',
  },
  { endpoint: 'GET /Accounts', calls: [1, 4], what: 'where a line may be booked', why: 'as the organisation' },
  { endpoint: 'GET /TaxRates', calls: [1, 4], what: 'which tax a line may have', why: 'as the organisation' },
  { endpoint: 'GET /TrackingCategories', calls: [1, 4], what: 'options of cost centres', why: 'as the organisation' },
  {
    endpoint: 'PUT /Invoices',
    calls: [2, 4],
    what: 'the invoice that is due yesterday, then all others',
    why: '50 in one call; PUT only ever creates, so that nothing is overwritten',
  },
  {
    endpoint: 'PUT /Invoices/{id}/History',
    calls: [1, 20],
    what: 'where an invoice comes from, for who looks at it in Xero',
    why: 'one for each invoice, at the lowest priority: Xero takes no batch',
  },
  {
    endpoint: 'GET /Invoices',
    calls: [1, 8],
    what: 'what was paid',
    why: 'many invoices in one call; a webhook is one more',
  },
]

/** What a story's calls, counted by endpoint, have that the table doesn't say, or lack. */
export function unexpectedCalls(byEndpoint: Readonly<Record<string, number>>): string[] {
  const unknown = Object.keys(byEndpoint).filter((name) => !storyCalls.some(({ endpoint }) => endpoint === name))
  const beyond = storyCalls.filter(({ endpoint, calls: [least, most] }) => {
    const count = byEndpoint[endpoint] ?? 0
    return count < least || count > most
  })
  return [
    ...unknown.map((name) => `${name}: not in the table`),
    ...beyond.map(({ endpoint }) => `${endpoint}: ${byEndpoint[endpoint] ?? 0} calls`),
  ]
}

/** docs/calls.md. */
export function callsMarkdown(): string {
  const rows = storyCalls.map(({ endpoint, calls: [least, most], what, why }) => {
    const times = least === most ? String(least) : `${least} to ${most}`
    return `| \`${endpoint}\` | ${times} | ${what} | ${why} |`
  })
  return `# What the demo asks of Xero

Made by \`npm run docs\` from \`sandbox/src/story/calls.ts\`; \`e2e/flow.test.ts\` plays the story and fails where a call is not in this table or is made more or less often.

| call | times | for what | why |
|---|---|---|---|
${rows.join('\n')}
`
}
