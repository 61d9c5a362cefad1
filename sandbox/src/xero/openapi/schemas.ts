import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { envelope, extraInAnswers, open } from './deviations.js'
import { isObject, type Json, type JsonObject } from './document.js'

export type Direction = 'request' | 'answer'

// What only helps people and generators, or (default) is written with the wrong type in the document.
const ignored = new Set([
  'description',
  'example',
  'examples',
  'default',
  'externalDocs',
  'discriminator',
  'xml',
  'readOnly',
  'writeOnly',
  'deprecated',
])

const msDate = '^/Date\\(-?\\d+([+-]\\d{4})?\\)/$'
const isoDate = '^\\d{4}-\\d{2}-\\d{2}'

/** Compiles the document's schemas for one direction; objects are closed, so that a misspelt field is noticed. */
export class SchemaSet {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  readonly #compiled = new WeakMap<JsonObject, ValidateFunction>()
  readonly #root: JsonObject

  constructor(
    schemas: JsonObject,
    private readonly direction: Direction,
  ) {
    formats.default(this.#ajv)
    // Number formats say nothing that "number" doesn't.
    for (const name of ['double', 'int32', 'int64', 'float', 'byte', 'binary']) this.#ajv.addFormat(name, true)
    const converted = Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, this.#convert(schema, name)]),
    )
    this.#root = { $id: 'xero', components: { schemas: converted } }
    this.#ajv.addSchema(this.#root)
  }

  /** Each way in which the value leaves the schema, as path and reason. */
  check(schema: JsonObject, value: unknown): readonly { where: string; problem: string }[] {
    let validate = this.#compiled.get(schema)
    if (!validate) {
      validate = this.#ajv.compile(this.#convert(schema) as object)
      this.#compiled.set(schema, validate)
    }
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message = '', params }) => ({
      where: instancePath.replace(/\/\d+/g, '/*') || '/',
      problem: 'additionalProperty' in params ? `unknown property ${params.additionalProperty}` : message,
    }))
  }

  #convert(schema: Json | undefined, name?: string): Json {
    if (!isObject(schema)) return schema ?? {}
    const { $ref } = schema
    if (typeof $ref === 'string') return { $ref: `xero${$ref}` }
    const converted: JsonObject = {}
    for (const [key, value] of Object.entries(schema)) {
      if (ignored.has(key) || key.startsWith('x-')) continue
      converted[key] =
        key === 'properties'
          ? this.#properties(value)
          : key === 'items'
            ? this.#convert(value)
            : Array.isArray(value) && /^(allOf|anyOf|oneOf)$/.test(key)
              ? value.map((v) => this.#convert(v))
              : value
    }
    if (schema['x-is-msdate'] || schema['x-is-msdate-time'])
      converted.pattern = this.direction === 'answer' ? msDate : isoDate
    if (isObject(converted.properties)) this.#close(converted, converted.properties, schema, name)
    return converted
  }

  #properties(value: Json | undefined): JsonObject {
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, this.#convert(schema)]))
      : {}
  }

  #close(converted: JsonObject, properties: JsonObject, schema: JsonObject, name: string | undefined): void {
    if (this.direction === 'answer') {
      const extra = { ...(schema['x-objectArrayKey'] ? envelope : {}), ...(name ? extraInAnswers[name] : {}) }
      Object.assign(properties, extra)
    }
    if (!(name && open.has(name))) converted.additionalProperties = false
  }
}
