import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extraQuery, platformStatuses, unreadableQuery } from './deviations.js'
import { type JsonObject, OpenApiDocument, type Operation } from './document.js'
import type { Observed } from './observed.js'
import { SchemaSet } from './schemas.js'

/** One way in which requests or answers left the document, and how often. */
export interface Violation {
  /** "PUT /Invoices" */
  readonly operation: string
  readonly side: 'request' | 'answer'
  readonly where: string
  readonly problem: string
  count: number
}

/** Headers that an operation may carry only if it lists them. */
const conditional = ['if-modified-since', 'idempotency-key']

interface Side {
  readonly document: OpenApiDocument
  readonly requests: SchemaSet
  readonly answers: SchemaSet
}

const loaded = new Map<string, Promise<Side>>()

/** Reading and compiling takes a second, so many sandboxes of one process share it. */
function loadSide(path: string): Promise<Side> {
  const load = async (): Promise<Side> => {
    const document = await OpenApiDocument.load(path)
    const [requests, answers] = [new SchemaSet(document.schemas, 'request'), new SchemaSet(document.schemas, 'answer')]
    return { document, requests, answers }
  }
  const side = loaded.get(path) ?? load()
  loaded.set(path, side)
  return side
}

/** Checks every exchange against Xero's OpenAPI documents and remembers what didn't agree. */
export class Contract {
  readonly #violations = new Map<string, Violation>()
  #checked = 0

  private constructor(
    private readonly accounting: Side,
    private readonly identity: Side | undefined,
  ) {}

  /** @param path the accounting document; the identity document is used as well when it lies beside it */
  static async load(path: string): Promise<Contract> {
    const beside = join(dirname(path), 'xero-identity.yaml')
    return new Contract(await loadSide(path), existsSync(beside) ? await loadSide(beside) : undefined)
  }

  get checked(): number {
    return this.#checked
  }

  violations(): readonly Violation[] {
    return [...this.#violations.values()]
  }

  clear(): void {
    this.#violations.clear()
    this.#checked = 0
  }

  observe(observed: Observed): void {
    const side = observed.api === 'accounting' ? this.accounting : this.identity
    if (!side) return
    this.#checked++
    const operation = side.document.find(observed.method, observed.path)
    if (!operation) {
      if (observed.answer.status !== 404)
        this.#note(`${observed.method} ${observed.path}`, 'request', 'path', 'is not in the document')
      return
    }
    this.#checkParameters(operation, observed)
    this.#checkRequest(side, operation, observed)
    if (!observed.tampered) this.#checkAnswer(side, operation, observed)
  }

  #checkParameters(operation: Operation, { search, headers }: Observed): void {
    const listed = (place: string) => operation.parameters.filter((p) => p.in === place)
    for (const [name, value] of new URLSearchParams(search)) {
      const parameter = listed('query').find((p) => p.name === name)
      if (parameter) {
        const problem = queryProblem(parameter.schema.type, value)
        if (problem) this.#note(operation.id, 'request', `query ${name}`, problem)
      } else if (!extraQuery[operation.id]?.includes(name))
        this.#note(operation.id, 'request', `query ${name}`, 'is not listed')
    }
    for (const { name, required } of listed('header')) {
      if (required && headers[name.toLowerCase()] === undefined)
        this.#note(operation.id, 'request', `header ${name}`, 'is missing')
    }
    for (const name of conditional) {
      const known = listed('header').some((p) => p.name.toLowerCase() === name)
      if (headers[name] !== undefined && !known) this.#note(operation.id, 'request', `header ${name}`, 'is not listed')
    }
    const key = headers['idempotency-key']
    if (typeof key === 'string' && key.length > 128)
      this.#note(operation.id, 'request', 'header idempotency-key', 'is longer than 128 characters')
  }

  #checkRequest({ requests }: Side, operation: Operation, { body }: Observed): void {
    if (operation.request) this.#checkBody(requests, operation.request, operation, 'request', body)
  }

  #checkAnswer({ answers }: Side, operation: Operation, { answer }: Observed): void {
    if (platformStatuses.has(answer.status) || unreadableQuery(operation.method, answer.status)) return
    const schema = operation.answers.get(answer.status)
    if (schema) this.#checkBody(answers, schema, operation, 'answer', answer.body)
    else if (!operation.answers.has(answer.status))
      this.#note(operation.id, 'answer', 'status', `${answer.status} is not in the document`)
  }

  #checkBody(
    schemas: SchemaSet,
    schema: JsonObject,
    operation: Operation,
    side: Violation['side'],
    body: string,
  ): void {
    const parsed = parseJson(body)
    if (parsed === undefined) this.#note(operation.id, side, 'body', 'is not JSON')
    else for (const { where, problem } of schemas.check(schema, parsed)) this.#note(operation.id, side, where, problem)
  }

  #note(operation: string, side: Violation['side'], where: string, problem: string): void {
    const key = [operation, side, where, problem].join('\n')
    const known = this.#violations.get(key)
    if (known) known.count++
    else this.#violations.set(key, { operation, side, where, problem, count: 1 })
  }
}

function queryProblem(type: unknown, value: string): string | undefined {
  if (type === 'integer' && !/^-?\d+$/.test(value)) return 'is not a whole number'
  if (type === 'boolean' && !/^(true|false)$/i.test(value)) return 'is not true or false'
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
