import * as z from 'zod/mini'

/** An account id of a settings file; YAML reads one without quotes as a number. */
export const accountId = z
  .string({ error: 'expected a 12-digit account id in quotes' })
  .check(z.regex(/^\d{12}$/, 'expected a 12-digit account id'))
