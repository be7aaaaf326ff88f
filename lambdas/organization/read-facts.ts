import { ownString } from '../../shared/model/json.ts'
import { snapshotPieces } from '../../shared/sinks/snapshot/write-snapshot.ts'
import { readOrganization } from '../../shared/sources/organizations/read-organization.ts'
import { accountType, organizationType } from '../../shared/sources/organizations/reader.ts'
import { MAX_ORGANIZATION_BYTES } from '../../shared/sources/published/names.ts'
import { type OrganizationFile, organizationFileOf } from '../../shared/sources/published/organization-file.ts'
import { failureOf, type Reader, type Reading } from '../../shared/sources/reading.ts'
import { listRegions } from '../../shared/sources/regions/list-regions.ts'
import type { HubClients } from './dependencies.ts'
import { PublicationRefused } from './publication.ts'

/** The organization as it is to be published: its text, and the same as members will read it. */
export interface Facts {
  readonly text: string
  readonly file: OrganizationFile
}

/**
 * Reads the organization and the hub's regions. Anything missing makes all of it missing: members keep the last good copy.
 * @throws PublicationRefused naming what could not be read
 */
export async function readFacts({ organizations, ec2 }: HubClients, reader: Reader, version: string): Promise<Facts> {
  const [reading, regions] = await Promise.all([
    readOrganization({ ...reader, client: organizations }),
    listRegions({ ...reader, client: ec2 }),
  ])
  assertComplete(reading)
  if (regions.state !== 'known') throw new PublicationRefused(`regions: ${failureOf(regions).reason}`)
  const enabled = regions.value.filter((one) => one.enabled).map(({ name }) => name)
  return asFile(reader, reading, enabled, version)
}

function assertComplete({ items, coverage, gaps }: Reading): void {
  const lacking = [...gaps, ...coverage.filter((row) => row.status === 'unknown')]
  const [first] = lacking
  if (first !== undefined) {
    throw new PublicationRefused(`${first.resourceType} could not be listed: ${first.reason ?? 'no reason'}`)
  }
  if (!items.some((item) => ownString(item, 'resourceType') === organizationType)) {
    throw new PublicationRefused('the account is in no organization')
  }
}

function asFile(reader: Reader, { items, coverage }: Reading, regions: readonly string[], version: string): Facts {
  const { readAt: collectedAt } = reader
  const snapshot = { id: 'organization', version, collectedAt, items, coverage, more: { regions } }
  const text = [...snapshotPieces(snapshot)].join('')
  if (Buffer.byteLength(text) > MAX_ORGANIZATION_BYTES) {
    throw new PublicationRefused(`the organization takes more than ${MAX_ORGANIZATION_BYTES} bytes`)
  }
  // What members would refuse is not published.
  return { text, file: organizationFileOf(text, new Date(collectedAt)) }
}

/** How many accounts a file lists, in whatever state they are. */
export function accountsIn({ items }: OrganizationFile): number {
  return items.filter((item) => ownString(item, 'resourceType') === accountType).length
}
