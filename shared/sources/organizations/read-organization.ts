import { covered, failureOf, joinReadings, present, type Reading, rawItem, unlisted } from '../reading.ts'
import { describeOrganization, type OrganizationFacts, readRoot } from './organization.ts'
import { readPolicies } from './policies.ts'
import {
  accountType,
  explained,
  type OrganizationReader,
  type OrganizationsReader,
  organizationType,
  policyType,
  unitType,
} from './reader.ts'
import { walkTree } from './walk-tree.ts'

const below = [accountType, unitType, policyType] as const

/**
 * Reads the organization of the account: itself, its units, accounts and guardrails, as items of the management account.
 * An account in no organization has none of these, which is known. A member account that may not list them leaves all but
 * the organization itself unknown.
 */
export async function readOrganization(reader: OrganizationsReader): Promise<Reading> {
  const organization = await describeOrganization(reader)
  if (organization.state === 'absent') return nothing(reader)
  if (organization.state === 'unknown') return unlisted(reader, [organizationType, ...below], organization)
  const { managementAccountId } = organization.value
  const within = { ...reader, accountId: managementAccountId, readBy: reader.accountId }
  const root = await readRoot(within)
  if (root.state !== 'known') {
    const failure = explained(within, failureOf(root))
    const gap = { resourceType: organizationType, resourceArn: organization.value.arn, ...failure }
    const itself = organizationReading(within, organization.value, undefined)
    return joinReadings([itself, { items: [], coverage: [], gaps: [gap] }, unlisted(within, below, failure)])
  }
  const [tree, policies] = await Promise.all([walkTree(within, root.value.id), readPolicies(within, root.value)])
  return joinReadings([organizationReading(within, organization.value, root.value.id), tree, policies])
}

function nothing(reader: OrganizationsReader): Reading {
  return { items: [], coverage: [organizationType, ...below].map((type) => covered(reader, type)), gaps: [] }
}

function organizationReading(
  reader: OrganizationReader,
  { id, arn, managementAccountId, featureSet }: OrganizationFacts,
  rootId: string | undefined,
): Reading {
  const configuration = present({
    Id: id,
    Arn: arn,
    ManagementAccountId: managementAccountId,
    RootId: rootId,
    FeatureSet: featureSet,
  })
  return {
    items: [rawItem(reader, organizationType, { id, arn }, configuration)],
    coverage: [covered(reader, organizationType)],
    gaps: [],
  }
}
