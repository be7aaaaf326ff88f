import * as z from 'zod'

/** The parameters of a rule that has none. */
export const noParameters = z.strictObject({})

/**
 * A list of strings. Parameters of AWS Config rules are strings, so `a, b` is read like `[a, b]`.
 * `description` is shown on the rule's page.
 */
export function stringList(defaults: readonly string[], description: string) {
  return z
    .union([z.array(z.string()), z.string().transform(splitAtCommas)])
    .default([...defaults])
    .describe(description)
}

function splitAtCommas(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
