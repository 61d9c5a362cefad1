import { z } from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Turns zod schemas into JSON Schema 2020-12, as OpenAPI 3.1 takes it; those with an id become components. */
export interface SchemaBook {
  /** @param side what a caller sends (defaults are optional) or what it gets */
  add(schema: z.ZodType, side: 'input' | 'output'): JsonSchema
  readonly components: Readonly<Record<string, JsonSchema>>
}

export function createSchemaBook(): SchemaBook {
  const components: Record<string, JsonSchema> = {}

  const nameFor = (name: string, content: JsonSchema): string => {
    for (let i = 1; ; i++) {
      const candidate = i === 1 ? name : `${name}${i}`
      const there = components[candidate]
      if (there === undefined || JSON.stringify(there) === JSON.stringify(content)) return candidate
    }
  }

  return {
    components,
    add(schema, side) {
      const {
        $schema: _dialect,
        $defs = {},
        ...own
      } = z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }) as JsonSchema & {
        readonly $defs?: Record<string, JsonSchema>
      }
      // A recursive schema without an id of its own is any JSON value.
      const wanted = Object.fromEntries(Object.keys($defs).map((name) => [name, name.startsWith('__') ? 'Json' : name]))
      const named = (value: unknown): JsonSchema =>
        JSON.parse(
          JSON.stringify(value).replace(
            /"#\/\$defs\/([^"]+)"/g,
            (_, name: string) => `"#/components/schemas/${wanted[name]}"`,
          ),
        )
      for (const [name, content] of Object.entries($defs)) {
        const { id: _id, ...plain } = named(content)
        const taken = nameFor(wanted[name] ?? name, plain)
        wanted[name] = taken
        components[taken] = plain
      }
      const { id, ...plain } = named(own)
      if (typeof id !== 'string') return plain
      const taken = nameFor(id, plain)
      components[taken] = plain
      return { $ref: `#/components/schemas/${taken}` }
    },
  }
}
