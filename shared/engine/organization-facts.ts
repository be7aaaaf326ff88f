import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import { isJsonObject, own } from '../model/json.ts'
import { readJson } from './json-text.ts'

const hours = 'expected a whole number of hours from 1 to 8760'

/** The part `organizationFacts` of a settings file: how much the facts about the organization that the hub publishes count. */
export const organizationFactsSettings = z.strictObject({
  /** Hours after which a published organization counts for nothing; a year at most. */
  maxAge: z._default(z.int(hours).check(z.minimum(1, hours), z.maximum(8_760, hours)), 72),
})

/** What settings say about the organization's facts. */
export type OrganizationFactsSettings = z.output<typeof organizationFactsSettings>

/**
 * Reads that part alone, of JSON settings that have been checked as a whole; the defaults where there is none.
 * @throws InputError
 */
export function organizationFactsIn(text: string, source: string): OrganizationFactsSettings {
  const { value, at } = readJson(text, source)
  const stated = isJsonObject(value) ? own(value, 'organizationFacts') : undefined
  const parsed = z.safeParse(organizationFactsSettings, stated ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = ['organizationFacts', ...(issue?.path ?? [])]
  throw new InputError(`${at()}: ${path.join('.')}: ${issue?.message ?? 'is not valid'}`)
}
