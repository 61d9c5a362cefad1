import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: JsonObject
}

export interface Operation {
  /** "PUT /Invoices/{InvoiceID}/History" */
  readonly id: string
  readonly method: string
  readonly segments: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly request: JsonObject | undefined
  readonly answers: ReadonlyMap<number, JsonObject | undefined>
}

/** An OpenAPI 3.0 document as far as checking needs it. */
export class OpenApiDocument {
  readonly operations: readonly Operation[]
  readonly schemas: JsonObject

  constructor(private readonly root: JsonObject) {
    this.schemas = object(object(root.components).schemas)
    this.operations = Object.entries(object(root.paths)).flatMap(([path, item]) => this.#operations(path, object(item)))
  }

  static async load(path: string): Promise<OpenApiDocument> {
    return new OpenApiDocument(parse(await readFile(path, 'utf8')) as JsonObject)
  }

  /** The operation of a request; one whose path has fewer placeholders wins. */
  find(method: string, path: string): Operation | undefined {
    const given = path.split('/').filter((segment) => segment !== '')
    return this.operations
      .filter(
        (op) =>
          op.method === method &&
          op.segments.length === given.length &&
          op.segments.every((s, i) => s.startsWith('{') || same(s, given[i])),
      )
      .sort((a, b) => placeholders(a) - placeholders(b))[0]
  }

  #operations(path: string, item: JsonObject): Operation[] {
    const shared = this.#parameters(item.parameters)
    return ['get', 'put', 'post', 'delete'].flatMap((method) => {
      const operation = item[method]
      if (!isObject(operation)) return []
      const answers = Object.entries(object(operation.responses)).map(
        ([status, answer]) => [Number(status), this.#jsonSchema(answer)] as const,
      )
      return {
        id: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        segments: path.split('/').filter((segment) => segment !== ''),
        parameters: [...shared, ...this.#parameters(operation.parameters)],
        request: this.#jsonSchema(operation.requestBody),
        answers: new Map(answers),
      }
    })
  }

  #parameters(list: Json | undefined): Parameter[] {
    return (Array.isArray(list) ? list : []).map((entry) => {
      const parameter = this.#resolve(entry)
      return {
        name: String(parameter.name),
        in: String(parameter.in),
        required: parameter.required === true,
        schema: object(parameter.schema),
      }
    })
  }

  #jsonSchema(holder: Json | undefined): JsonObject | undefined {
    const content = object(this.#resolve(holder).content)
    const schema = object(content['application/json']).schema
    return isObject(schema) ? schema : undefined
  }

  #resolve(value: Json | undefined): JsonObject {
    if (!isObject(value)) return {}
    const { $ref } = value
    if (typeof $ref !== 'string') return value
    let found: Json | undefined = this.root
    for (const key of $ref.slice(2).split('/')) found = object(found)[key]
    return this.#resolve(found)
  }
}

const same = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()
const placeholders = (operation: Operation) => operation.segments.filter((segment) => segment.startsWith('{')).length
