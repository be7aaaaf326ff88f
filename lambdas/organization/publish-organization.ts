import { putText } from '../../shared/sinks/bucket/put-text.ts'
import { getText, type StoredText } from '../../shared/sources/published/get-text.ts'
import { MAX_ORGANIZATION_BYTES } from '../../shared/sources/published/names.ts'
import { type OrganizationFile, organizationFileOf } from '../../shared/sources/published/organization-file.ts'
import { type Publication, PublicationRefused, type Shelf, untilSettled } from './publication.ts'
import { accountsIn, type Facts } from './read-facts.ts'

/** A file that says the same is written anew when it is older than this, milliseconds: members measure its age. */
const RESTAMP = 20 * 3_600_000

/**
 * Publishes the organization unless it says what the published file says, or an older state. One with fewer than half of the
 * accounts of the published file is taken for a listing that is cut short.
 * @throws PublicationRefused; what S3 threw
 */
export function publishOrganization(shelf: Shelf, key: string, facts: Facts): Promise<Publication> {
  return untilSettled(key, async () => {
    const found = await getText(shelf.reader, key, MAX_ORGANIZATION_BYTES)
    if (found.state === 'unknown') throw new PublicationRefused(`the published file: ${found.reason}`)
    const replaced = found.state === 'known' ? { etag: found.value.etag } : 'nothing'
    const before = found.state === 'known' ? fileIn(found.value, facts) : undefined
    const standing = before && standingOf(before, facts.file, key)
    if (standing !== undefined) return standing
    const object = { key, text: facts.text, contentType: 'application/json' }
    const written = await putText(shelf.sink, object, replaced)
    return written === 'written' ? 'published' : 'conflict'
  })
}

/** A file that members cannot read is no good copy: there is nothing to compare with. */
function fileIn({ text }: StoredText, { file }: Facts): OrganizationFile | undefined {
  try {
    return organizationFileOf(text, new Date(file.collectedAt))
  } catch {
    return undefined
  }
}

/** Whether the published file stays; undefined when it is to be replaced. */
function standingOf(before: OrganizationFile, now: OrganizationFile, key: string): Publication | undefined {
  const age = Date.parse(now.collectedAt) - Date.parse(before.collectedAt)
  if (age < 0) return 'newer'
  const [had, has] = [accountsIn(before), accountsIn(now)]
  if (has * 2 < had) {
    throw new PublicationRefused(
      `the listing has ${has} of ${had} accounts, fewer than half; if that is true, delete ${key} to publish it`,
    )
  }
  return age < RESTAMP && contentOf(before) === contentOf(now) ? 'unchanged' : undefined
}

/** What a file says, without when it was read. */
function contentOf({ managementAccountId, items, regions }: OrganizationFile): string {
  const lines = items.map(({ configurationItemCaptureTime: _, ...rest }) => JSON.stringify(rest))
  return [managementAccountId, regions.join(' '), ...lines].join('\n')
}
