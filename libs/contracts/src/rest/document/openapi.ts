import { z } from 'zod'
import { problem } from '../common.js'
import type { AnswerShape, Endpoint, Endpoints } from '../endpoint.js'
import { createSchemaBook, type JsonSchema, type SchemaBook } from './schemas.js'

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>
}
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}
export interface Response {
  readonly description: string
  readonly content?: Content
}
type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>

export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly responses: Readonly<Record<string, Response>>
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>
  }
}

const words: Readonly<Record<number, string>> = {
  200: 'Done',
  202: 'Accepted: the work goes on by itself',
  204: 'Done',
  302: 'Go on there',
  400: 'A field is missing, unknown or wrong; `errors` names it',
  401: 'No session, or one that has expired',
  403: 'The session may not do this',
  404: 'There is no such thing',
  409: 'Not possible as things stand, or a twin of this request is still running',
  413: 'The body is larger than 100 kB',
  415: 'The body is not JSON',
  422: 'Refused for good',
  429: 'Too many requests; Retry-After says when to come back',
  503: 'Something that is needed does not answer',
}

/** The API document of a table of endpoints, made of the schemas that validate. */
export function openapi(endpoints: Endpoints): OpenApi {
  const book = createSchemaBook()
  const refused = Object.keys(words)
    .map(Number)
    .filter((status) => status >= 400)
    .map((status) => [status, answer(status, problem, book, 'application/problem+json')] as const)
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operation(name, endpoint, book) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AmpedFieldOps and Xero',
      version: '1',
      description:
        'Keeps clients, items, invoices and payments of AmpedFieldOps and Xero in step. Commands answer 202 and where to look; refusals are RFC 9457 problem documents.',
    },
    servers: [{ url: '/' }, { url: '/api' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(book.components).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries(refused),
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A Supabase session's access token",
        },
      },
    },
  }
}

function operation(name: string, endpoint: Endpoint, book: SchemaBook): Operation {
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(endpoint.access === 'public' ? {} : { security: [{ session: [] }] }),
    parameters: [
      ...fields(endpoint.params, 'path', book),
      ...fields(endpoint.query, 'query', book),
      ...fields(endpoint.headers, 'header', book),
      ...(endpoint.commanding ? [idempotencyKey] : []),
    ],
    ...(endpoint.body ? { requestBody: requestBody(endpoint.body, book) } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(endpoint.answers).map(([status, shape]) => [status, answer(Number(status), shape, book)]),
      ),
      ...Object.fromEntries(refusals(endpoint).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  }
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Asks once however often it is sent: the same key and body get the same answer for 24 hours',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

function fields(schema: z.ZodType | undefined, where: Parameter['in'], book: SchemaBook): Parameter[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...rest } = book.add(field as z.ZodType, 'input')
    const required = !(field as z.ZodType).safeParse(undefined).success
    return { name, in: where, required, ...(typeof description === 'string' ? { description } : {}), schema: rest }
  })
}

const requestBody = (body: z.ZodType, book: SchemaBook) => ({
  required: !body.safeParse({}).success,
  content: { 'application/json': { schema: book.add(body, 'input') } },
})

function answer(status: number, shape: AnswerShape, book: SchemaBook, type = 'application/json'): Response {
  const description = words[status] ?? 'An answer'
  if ('nothing' in shape) return { description }
  if ('media' in shape) {
    const { media, data } = shape
    return { description, content: { [media]: data ? { schema: book.add(data, 'output') } : {} } }
  }
  return { description, content: { [type]: { schema: book.add(shape, 'output') } } }
}

/** What the mechanism itself may refuse a request with, besides what the endpoint declares. */
function refusals(endpoint: Endpoint): number[] {
  const takesBody = endpoint.method !== 'get' && !endpoint.raw
  return [
    400,
    ...(endpoint.access === 'public' ? [] : [401, 403]),
    ...(endpoint.path.includes(':') || endpoint.body ? [404] : []),
    ...(endpoint.commanding ? [409, 422] : []),
    ...(takesBody ? [413, 415] : []),
    429,
    503,
  ].filter((status) => !(status in endpoint.answers))
}
