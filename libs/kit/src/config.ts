import { z } from 'zod'
import { Secret } from './secret.js'

/** A configuration that can't be used, with every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly string[]) {
    super(`The configuration can't be used:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Field builders for configuration schemas; each reads one environment variable's text. */
export const env = {
  text: () => z.string().min(1),
  url: () => z.url(),
  secret: () =>
    z
      .string()
      .min(1)
      .transform((value) => new Secret(value)),
  port: () =>
    z.string().regex(/^\d+$/, 'must be a port number').transform(Number).pipe(z.number().int().min(0).max(65_535)),
  /** A whole number within bounds. */
  int: (min: number, max: number) =>
    z
      .string()
      .regex(/^-?\d+$/, 'must be a whole number')
      .transform(Number)
      .pipe(z.number().int().min(min).max(max)),
  flag: () => z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1'),
  /** Comma-separated list. */
  list: () =>
    z.string().transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
}

/** The process's own environment: the only place that reads it. */
export function processEnvironment(): Environment {
  return process.env
}

/**
 * Reads a configuration from environment variables. The schema's keys are the variables' names; an empty variable counts as absent.
 * @throws ConfigError listing every problem, not only the first.
 */
export function readConfig<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => {
      const value = environment[key]
      return value === undefined || value === '' ? [] : [[key, value]]
    }),
  )
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = issue.path.join('.') || 'configuration'
      return name in given ? `${name}: ${issue.message}` : `${name} is missing`
    }),
  )
}
