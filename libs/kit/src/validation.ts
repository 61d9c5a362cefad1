import type { z } from 'zod'
import { AppError, type FieldIssue } from './errors.js'

/** zod's issues as field and reason, a field that isn't known under its own name; the root of a document is called by `root`. */
export function fieldIssues(error: z.ZodError, root = 'body'): FieldIssue[] {
  const nameOf = (path: readonly PropertyKey[]) => (path.length === 0 ? root : path.map(String).join('.'))
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: nameOf([...issue.path, key]), reason: 'is not a field of this request' }))
      : [{ field: nameOf(issue.path), reason: issue.message }],
  )
}

/**
 * Parses what came from outside.
 * @throws AppError `invalid` naming each field that is wrong.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = fieldIssues(result.error, what)
  const listed = issues.map((issue) => `${issue.field}: ${issue.reason}`).join('; ')
  throw new AppError('invalid', `${what} is not valid: ${listed}`, { issues, code: 'invalid' })
}
