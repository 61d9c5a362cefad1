import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settingGroups } from '../../settings.js'
import type { Endpoint } from '../endpoint.js'
import { endpoints } from '../endpoints.js'
import { exampleOf } from './example.js'
import { apiMarkdown } from './markdown.js'
import { openapi } from './openapi.js'
import { createSchemaBook } from './schemas.js'

const all = Object.values(endpoints)
const document = openapi(endpoints)

describe('openapi', () => {
  it('has every endpoint once, under its name', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(operations).toHaveLength(all.length)
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(endpoints).sort())
  })

  it('points nowhere that is empty', () => {
    const text = JSON.stringify(document)
    const targets = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path)
    expect(targets.length).toBeGreaterThan(10)
    for (const path of targets) {
      const found = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
      expect(found, path).toBeDefined()
    }
    expect(text).not.toContain('$defs')
  })

  it('says of a command what it takes, what it answers and how it may be refused', () => {
    const invoice = document.paths['/admin/invoices']?.post
    expect(invoice?.security).toEqual([{ session: [] }])
    expect(invoice?.parameters.map(({ name }) => name)).toEqual(['Idempotency-Key'])
    expect(invoice?.requestBody?.required).toBe(true)
    expect(invoice?.requestBody?.content['application/json']?.schema).toMatchObject({
      required: ['costCenterId'],
      additionalProperties: false,
    })
    expect(Object.keys(invoice?.responses ?? {}).map(Number)).toEqual([
      202, 400, 401, 403, 404, 409, 413, 415, 422, 429, 503,
    ])
  })

  it('says of the live view where it goes on, and what each of its events is', () => {
    const view = document.paths['/admin/events']?.get
    expect(view?.parameters).toMatchObject([{ name: 'Last-Event-ID', in: 'header', required: false }])
    expect(view?.responses[200]).toMatchObject({
      content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/LiveEvent' } } },
    })
    const { properties } = document.components.schemas.LiveEvent as { properties: { name: { enum: string[] } } }
    expect(properties.name.enum).toContain('invoice.paid')
    expect(properties.name.enum).not.toContain('invoices.create')
    expect(apiMarkdown(endpoints)).toContain('| `Last-Event-ID` | header | no |')
  })

  it('shows a secret as one', () => {
    const body = document.paths['/admin/settings/xero']?.post?.requestBody?.content['application/json']?.schema
    expect(body).toMatchObject({ properties: { clientSecret: { format: 'password', writeOnly: true } } })
  })
})

describe('schemas', () => {
  it('ask for less than they give, where a field has a default', () => {
    const book = createSchemaBook()
    expect(book.add(settingGroups.invoicing, 'input').required).toBeUndefined()
    expect(book.add(settingGroups.invoicing, 'output').required).toContain('status')
  })

  it('with an id become components; two of one name stay two', () => {
    const book = createSchemaBook()
    const inner = z.object({ a: z.string() }).meta({ id: 'Thing' })
    expect(book.add(z.array(inner), 'output')).toMatchObject({ items: { $ref: '#/components/schemas/Thing' } })
    expect(book.add(inner, 'output')).toEqual({ $ref: '#/components/schemas/Thing' })
    const other = z.object({ b: z.string() }).meta({ id: 'Thing' })
    expect(book.add(z.array(other), 'output')).toMatchObject({ items: { $ref: '#/components/schemas/Thing2' } })
    expect(Object.keys(book.components)).toEqual(['Thing', 'Thing2'])
  })

  it('have examples that they themselves accept', () => {
    const shapes: [string, z.ZodType][] = (all as readonly Endpoint[]).flatMap((route) =>
      [route.body, ...Object.values<unknown>(route.answers)].flatMap((shape) =>
        shape instanceof z.ZodType ? [[`${route.method} ${route.path}`, shape]] : [],
      ),
    ) as [string, z.ZodType][]
    const wrong = shapes.flatMap(([what, shape]) => {
      const book = createSchemaBook()
      const example = exampleOf(book.add(shape, 'output'), book.components)
      const read = shape.safeParse(example)
      return read.success
        ? []
        : [`${what}: ${read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`]
    })
    expect(wrong).toEqual([])
  })
})

describe('apiMarkdown', () => {
  it('is the same each time and names every path', () => {
    const text = apiMarkdown(endpoints)
    expect(apiMarkdown(endpoints)).toBe(text)
    for (const path of Object.keys(document.paths)) expect(text).toContain(path)
  })
})
