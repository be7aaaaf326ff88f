import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'

/** A variable that may be missing, which is the same as empty. */
export function optionalText(pattern: RegExp, expected: string) {
  return z._default(z.string().check(z.regex(pattern, expected)), '')
}

/**
 * Reads environment variables. Each check of the schema says itself what it expected.
 * @throws InputError that names the variable, never its value
 */
export function readVariables<Schema extends z.ZodMiniType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const result = z.safeParse(schema, variables)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new InputError(`environment variable ${issue?.path.join('.')}: ${issue?.message}`)
}
