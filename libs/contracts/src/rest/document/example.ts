import type { JsonSchema } from './schemas.js'

/** Words that read better than a field's own name. */
const byName: Readonly<Record<string, string>> = {
  clientId: '0123456789ABCDEF0123456789ABCDEF',
  code: 'AFO-407',
  title: 'No account to book to',
  meaning: 'The item has no sales account and no default is chosen.',
  remedy: 'Choose a default account in Settings > Invoicing, or set one on the item in Xero.',
  message: 'Account code is not valid',
  entity: 'cost-centre',
  name: 'contacts.sync',
  job: 'contacts.sync',
  triggeredBy: 'manual',
  askedBy: 'ada@example.com',
  actor: 'ada@example.com',
  email: 'ada@example.com',
  action: 'xero.sync-clients',
  address: '203.0.113.7',
  worker: 'Aroha Ngata',
  activity: 'Labour',
  clientName: 'Kowhai Plumbing Ltd',
  costCentre: 'PROJECT001 - Labor',
  number: 'AFO-00042',
  reference: 'PO-7781',
  currency: 'NZD',
  state: 'issued',
  xeroStatus: 'AUTHORISED',
  type: '/problems/AFO-407',
  reason: 'Agreed with the customer',
}

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-11-23T02:00:00Z',
  date: '2026-11-23',
  uri: 'https://example.com',
  email: 'ada@example.com',
  guid: '7b0f3c1e-2f7a-4a55-9a53-6f0f4a1d2c3b',
  uuid: '7b0f3c1e-2f7a-4a55-9a53-6f0f4a1d2c3b',
  password: '…',
}

interface Known {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly type?: string | readonly string[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Components
  /** Of a record by a list of names: its keys, and its values. */
  readonly propertyNames?: { readonly enum?: readonly string[] }
  readonly additionalProperties?: JsonSchema
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minimum?: number
}

type Components = Readonly<Record<string, JsonSchema>>

/** A value that fits a schema, for people to read. The same schema gives the same value. */
export function exampleOf(schema: JsonSchema, components: Components, name = ''): unknown {
  const again = (next: JsonSchema | undefined, as = name) => exampleOf(next ?? {}, components, as)
  const known = schema as Known
  if (known.examples?.length) return known.examples[0]
  if (known.default !== undefined) return known.default
  if (known.const !== undefined) return known.const
  if (known.enum) return known.enum[0]
  if (known.$ref !== undefined) {
    const component = known.$ref.split('/').at(-1) ?? ''
    return component === 'Json' ? {} : again(components[component])
  }
  const variants = known.anyOf ?? known.oneOf ?? known.allOf
  if (variants) return again(variants.find((variant) => variant.type !== 'null') ?? variants[0])
  const type = typeof known.type === 'string' ? known.type : known.type?.find((one) => one !== 'null')
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(propertiesOf(known)).map(([key, value]) => [key, again(value, key)]))
    case 'array':
      return known.items === undefined ? [] : [again(known.items)]
    case 'integer':
    case 'number':
      return Math.max(1, known.minimum ?? 1)
    case 'boolean':
      return true
    case 'string':
      return text(schema, name)
    default:
      return {}
  }
}

function propertiesOf({ properties, propertyNames, additionalProperties, required }: Known): Components {
  const keys = required ?? propertyNames?.enum?.slice(0, 1) ?? []
  return properties ?? Object.fromEntries(keys.map((key) => [key, additionalProperties ?? {}]))
}

function text({ format, pattern }: JsonSchema, name: string): string {
  const known = typeof format === 'string' ? byFormat[format] : undefined
  if (known !== undefined) return known
  if (typeof pattern === 'string' && pattern.includes('\\.\\d{1,4}')) return '1250.00'
  if (typeof pattern === 'string' && pattern.includes('@')) return '1763863200000-0@commands.invoicing'
  return byName[name] ?? (name === '' ? 'text' : name)
}
