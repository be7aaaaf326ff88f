import { InputError } from '../../model/errors.ts'
import { clip } from '../../model/quote.ts'
import { SnapshotFormatError } from '../config-snapshot/value-span.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, type Reader, type Reading, unlisted } from '../reading.ts'
import { type BucketReader, getText } from './get-text.ts'
import { type LastGood, lastGood } from './last-good.ts'
import { MAX_ORGANIZATION_BYTES, MAX_SETTINGS_BYTES, publishedNames } from './names.ts'
import { type OrganizationFile, organizationFileOf, organizationTypes } from './organization-file.ts'

const hour = 3_600_000

/** Reads what the hub publishes below a prefix (`''` or one that ends in `/`). */
export interface PublishedReader extends BucketReader {
  readonly prefix: string
}

/** What the hub publishes, with the last good copy of each in memory. */
export interface Published {
  /** The organization as items with coverage. Every type is unknown when there is no copy, or none younger than `maxAge` hours. */
  readonly organization: (reader: PublishedReader, maxAge: number) => Promise<Reading>
  /** The settings file's text that `check` took last; `check` throws InputError for one that is not valid. */
  readonly settings: (reader: PublishedReader, check: (text: string) => void) => Promise<LastGood<string>>
}

/** Nothing is read yet. What is remembered lives as long as the process: two texts of bounded size. */
export function published(): Published {
  const organization = lastGood<OrganizationFile>((found, held) => found.collectedAt < held.collectedAt)
  const settings = lastGood<{ readonly text: string; readonly writtenAt: string }>(
    (found, held) => found.writtenAt < held.writtenAt,
  )
  return {
    organization: async (reader, maxAge) => {
      const now = Date.parse(reader.readAt)
      return readingOf(reader, await organization(now, () => readOrganizationFile(reader)), maxAge)
    },
    settings: async (reader, check) => {
      const copy = await settings(Date.parse(reader.readAt), () => readSettings(reader, check))
      return copy.state === 'known' ? { ...copy, value: copy.value.text } : copy
    },
  }
}

async function readOrganizationFile(reader: PublishedReader): Promise<Answer<OrganizationFile>> {
  const key = reader.prefix + publishedNames.organization
  const found = await getText(reader, key, MAX_ORGANIZATION_BYTES)
  if (found.state !== 'known') return orNotPublished(found)
  return read(key, () => organizationFileOf(found.value.text, new Date(reader.readAt)))
}

async function readSettings(reader: PublishedReader, check: (text: string) => void) {
  const key = reader.prefix + publishedNames.settings
  const found = await getText(reader, key, MAX_SETTINGS_BYTES)
  if (found.state !== 'known') return orNotPublished(found)
  return read(key, () => {
    check(found.value.text)
    return found.value
  })
}

/** Who may not list the bucket, as no member may, is not told that an object is missing: S3 denies it instead. */
function orNotPublished<A extends Answer<unknown>>(answer: A): A {
  if (answer.state !== 'unknown' || !answer.reason.endsWith(' AccessDenied')) return answer
  return { ...answer, reason: `${answer.reason} (not published yet, or not readable)` }
}

/** What is wrong with a file stays wrong until somebody writes it anew. */
function read<T>(key: string, take: () => T): Answer<T> {
  try {
    return { state: 'known', value: take() }
  } catch (error) {
    if (!(error instanceof SnapshotFormatError || error instanceof InputError)) throw error
    return { state: 'unknown', reason: `${key}: ${clip(error.message)}`, transience: 'lasting' }
  }
}

function readingOf(reader: Reader, copy: LastGood<OrganizationFile>, maxAge: number): Reading {
  switch (copy.state) {
    case 'absent':
      return unlisted(reader, organizationTypes, lasting('the hub has published no organization'))
    case 'unknown':
      return unlisted(reader, organizationTypes, {
        reason: `the published organization could not be read: ${copy.reason}`,
        transience: copy.transience,
      })
    case 'known':
      return ofAge(reader, copy, maxAge)
    default:
      return copy satisfies never
  }
}

function ofAge(reader: Reader, copy: Extract<LastGood<OrganizationFile>, { state: 'known' }>, maxAge: number): Reading {
  const { items, coverage, collectedAt } = copy.value
  const age = Date.parse(reader.readAt) - Date.parse(collectedAt)
  if (age <= maxAge * hour) return { items, coverage, gaps: [] }
  const hours = Math.floor(age / hour)
  const why = copy.failure === undefined ? '' : ` (${copy.failure.reason})`
  return unlisted(reader, organizationTypes, {
    reason: `the published organization is ${hours} hours old, older than the ${maxAge} hours in settings${why}`,
    // A newer one may be there and only now out of reach.
    transience: copy.failure?.transience ?? 'lasting',
  })
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}
