import { type Fact, known, unknown } from '../model/fact.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import type { DnsProfile } from './network.ts'
import { stringProperty } from './property.ts'

const associationType = 'AWS::Route53Profiles::ProfileAssociation'
const resourceType = 'AWS::Route53Profiles::ProfileResourceAssociation'

/** An association of a profile with a VPC; undefined when it does not say both. */
export function profileAssociationOf({ configuration }: ConfigurationItem) {
  const profileId = stringProperty(configuration, 'ProfileId')
  const vpcId = stringProperty(configuration, 'ResourceId')
  return profileId === undefined || vpcId === undefined ? undefined : { profileId, vpcId }
}

/** The Route 53 Profiles that are associated with some VPC, sorted by id. */
export function dnsProfilesOf({ items, listing }: Pick<Inventory, 'items' | 'listing'>): readonly DnsProfile[] {
  const vpcsByProfile = new Map<string, Set<string>>()
  for (const { profileId, vpcId } of items(associationType).flatMap((item) => profileAssociationOf(item) ?? [])) {
    vpcsByProfile.set(profileId, (vpcsByProfile.get(profileId) ?? new Set()).add(vpcId))
  }
  const resources = Map.groupBy(items(resourceType), ({ configuration }) => stringProperty(configuration, 'ProfileId'))
  return [...vpcsByProfile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([profileId, vpcIds]) => ({
      profileId,
      vpcIds: [...vpcIds].sort(),
      resourceArns: resourceArns(profileId, resources.get(profileId) ?? [], listing),
    }))
}

/** Another account may have shared the profile and hold its resources: none in our files does not mean that it has none. */
function resourceArns(
  profileId: string,
  associations: readonly ConfigurationItem[],
  listing: Inventory['listing'],
): Fact<readonly string[]> {
  const reason = `the resources of the Route 53 Profile ${profileId} were not read`
  const arns = associations.map(({ configuration }) => stringProperty(configuration, 'ResourceArn'))
  const complete = associations.some((item) => listing(resourceType, item).state === 'known')
  return complete && arns.every((arn) => arn !== undefined) ? known(arns) : unknown(reason)
}
