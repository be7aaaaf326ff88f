import * as z from 'zod/mini'

/** The parameters of a rule that has none; those of rules that have some stand in `rule-parameters.ts`. */
export const noParameters = z.strictObject({})

/**
 * A list of strings. Parameters of AWS Config rules are strings, so `a, b` is read like `[a, b]`.
 * `description` is shown on the rule's page.
 */
export function stringList(defaults: readonly string[], description: string) {
  return z
    ._default(z.union([z.array(z.string()), z.pipe(z.string(), z.transform(splitAtCommas))]), [...defaults])
    .check(z.describe(description))
}

function splitAtCommas(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
