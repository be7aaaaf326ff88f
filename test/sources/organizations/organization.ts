import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { readOrganization } from '../../../shared/sources/organizations/read-organization.ts'
import type { OrganizationsReader } from '../../../shared/sources/organizations/reader.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeOrganization, organizationsService } from '../../support/fake-aws/organizations.ts'

/** A reader of the fake's organization, with a real client that gives up at the first failure. */
export function readerOf(fake: FakeAws, accountId: string, callTimeout = 5_000): OrganizationsReader {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new OrganizationsClient({ region: 'us-east-1', credentials, maxAttempts: 1, endpoint: fake.endpoint })
  return { client, accountId, region: 'us-east-1', readAt: '2026-03-01T12:00:00.000Z', callTimeout }
}

/** What a reading of the organization gives to its caller. */
export async function readingOf(organization: FakeOrganization): Promise<Reading> {
  const fake = await startFakeAws()
  fake.state.services.set('organizations', organizationsService(organization))
  try {
    return await readOrganization(readerOf(fake, organization.caller))
  } finally {
    await fake.close()
  }
}

/** The tree an inventory makes of a reading. */
export function treeOf({ items: raw, coverage }: Reading) {
  const items = raw.map((one) => {
    const normalized = normalizeItem(one)
    if (!normalized.ok || normalized.deleted) throw new Error(JSON.stringify(normalized))
    return normalized.item
  })
  const types = ['Organization', 'Account', 'OrganizationalUnit', 'Policy'].map((name) => `AWS::Organizations::${name}`)
  return buildInventory({ items, coverage, types, assumeRecorded: false }).organizationTree
}

/** `type known` or `type unknown: reason` for each row. */
export function rowsOf({ coverage }: Reading): readonly string[] {
  return coverage.map(({ accountId, region, resourceType, status, reason }) => {
    const name = resourceType.split('::').at(-1)
    return `${accountId} ${region} ${name} ${status}${reason === undefined ? '' : `: ${reason}`}`
  })
}

/** `count` account ids, from 100000000001 on. */
export function accountIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => String(100_000_000_001 + n))
}
