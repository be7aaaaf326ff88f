import type { S3Client } from '@aws-sdk/client-s3'
import { parseJsonSettings } from '../engine/json-settings.ts'
import { organizationFactsIn } from '../engine/organization-facts.ts'
import type { Rule } from '../rules/define-rule.ts'
import type { Environment } from '../runtime/environment.ts'
import { publishedNames } from '../sources/published/names.ts'
import { organizationTypes } from '../sources/published/organization-file.ts'
import { type PublishedReader, published } from '../sources/published/published.ts'
import type { Reader, Reading } from '../sources/reading.ts'
import { hubPlaceOf } from './hub-place.ts'
import type { LiveSource } from './live-source.ts'

/** Hours, until settings were read. */
const MAX_AGE = 72

/** What a member's function has from the hub; nothing, where its environment names no bucket. */
export interface Hub {
  /** The organization, as a source of its types: none without a hub. */
  readonly sources: () => readonly LiveSource[]
  /**
   * The environment with the settings that the hub has published in the place of its own; as it is without a hub. Rejects when
   * they are missing, cannot be read or are not valid, and no good copy is in memory: verdicts by other settings would be wrong.
   * The hub publishes some, be they empty, before its members are deployed.
   */
  readonly settled: (
    environment: Environment,
    reader: Reader,
    rules: readonly Rule[],
    ruleIds: readonly string[],
  ) => Promise<Environment>
}

/** The hub as the environment names it. What is remembered lives as long as the process: the last good copies. */
export function hubOf(
  variables: () => Readonly<Record<string, string | undefined>>,
  connect: (region: string) => Pick<S3Client, 'send'>,
): Hub {
  const copies = published()
  let maxAge = MAX_AGE
  const readerOf = (reader: Reader): PublishedReader | undefined => {
    const place = hubPlaceOf(variables())
    return place && { ...reader, ...place, region: reader.region, client: connect(place.region ?? reader.region) }
  }
  const organization: LiveSource = {
    types: organizationTypes,
    // Who is a member is read from the items. The sources of the rules that ask for guardrails have the view of those.
    views: [],
    list: async (reader, types) => {
      const at = types.length === 0 ? undefined : readerOf(reader)
      if (at === undefined) return nothing
      const reading = await copies.organization(at, maxAge)
      // The file is read as a whole; what nobody asked for is missing to nobody.
      return { ...reading, gaps: reading.gaps.filter(({ resourceType }) => types.includes(resourceType)) }
    },
    judged: new Map(),
  }
  return {
    sources: () => (hubPlaceOf(variables()) === undefined ? [] : [organization]),
    settled: async (environment, reader, rules, ruleIds) => {
      const at = readerOf(reader)
      if (at === undefined) return environment
      const copy = await copies.settings(at, (text) => void parseJsonSettings(text, file, rules, ruleIds))
      if (copy.state === 'absent') throw new Error('the settings of the hub could not be read: none are published')
      if (copy.state === 'unknown') throw new Error(`the settings of the hub could not be read: ${copy.reason}`)
      const settingsText = copy.value
      maxAge = organizationFactsIn(settingsText, file).maxAge
      return { ...environment, settingsText }
    },
  }
}

const file = publishedNames.settings
const nothing: Reading = { items: [], coverage: [], gaps: [] }
