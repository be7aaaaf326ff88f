import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import { isGlobalType } from '../../shared/inventory/recordable-types.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'

/** The account and region builders speak of. */
export const home = { accountId: '111122223333', region: 'eu-central-1' } as const

/** A part of a made-up estate: a raw item as AWS Config writes it, a type that could not be listed, or one that was listed elsewhere. */
export type EstatePart =
  | { readonly item: JsonObject }
  | { readonly notListed: string }
  | { readonly listed: string; readonly scope: Scope }

/** Types whose listings are complete unless a part says otherwise. */
const listedTypes = [
  'AWS::ECR::Repository',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RegistryScanningConfiguration',
  'AWS::ECR::SigningConfiguration',
  'AWS::ECR::RepositoryCreationTemplate',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::InstanceProfile',
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::Service',
  'AWS::ECS::Cluster',
  'AWS::ECS::CapacityProvider',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::EC2::LaunchTemplate',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::NatGateway',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::DHCPOptions',
  'AWS::EC2::PrefixList',
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::TransitGatewayRouteTable',
  'AWS::EC2::TransitGatewayVpcAttachment',
  'AWS::EC2::VPCPeeringConnection',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::Route53::HostedZone',
  'AWS::Route53Profiles::ProfileAssociation',
  'AWS::Route53Profiles::ProfileResourceAssociation',
  'AWS::Organizations::Organization',
  'AWS::Organizations::Account',
  'AWS::Organizations::OrganizationalUnit',
  'AWS::Organizations::Policy',
] as const

/** A type nobody could list: everything about it is unknown. */
export function notListed(resourceType: string): EstatePart {
  return { notListed: resourceType }
}

/** Types that were listed in full in another account or region; those of home are unless `notListed` says otherwise. */
export function listedIn(scope: Scope, ...types: readonly string[]): readonly EstatePart[] {
  return types.map((type) => ({ listed: type, scope }))
}

/** The inventory of an estate, built as for a file that states its coverage. */
export function inventoryOf(parts: readonly EstatePart[]): Inventory {
  const unlisted = new Set(parts.flatMap((part) => ('notListed' in part ? [part.notListed] : [])))
  const listed = [
    ...listedTypes.map((type) => ({ listed: type, scope: home })),
    ...parts.filter((part) => 'listed' in part),
  ]
  return buildInventory({
    items: parts.flatMap((part) => ('item' in part ? [normalized(part.item)] : [])),
    types: listedTypes,
    capturedPolicy: awsManagedPolicy,
    coverage: listed.map(({ listed: resourceType, scope }): CoverageEntry => {
      const row = {
        accountId: scope.accountId,
        region: isGlobalType(resourceType) ? 'global' : scope.region,
        resourceType,
      }
      return unlisted.has(resourceType)
        ? { ...row, status: 'unknown', reason: `${resourceType} could not be listed` }
        : { ...row, status: 'known' }
    }),
    assumeRecorded: true,
  })
}

/** The same resource in another account or region, its ARN adjusted; what it refers to stays as it is. */
export function elsewhere(part: EstatePart, where: Partial<Scope>): EstatePart {
  if (!('item' in part)) return part
  const scope = { ...home, ...where }
  const arn = part.item.ARN as string
  const [prefix, partition, service, region, , ...resource] = arn.split(':')
  const moved = [prefix, partition, service, region === '' ? '' : scope.region, scope.accountId, ...resource].join(':')
  const renamed = (value: JsonValue): JsonValue => (value === arn ? moved : value)
  const configuration = Object.entries(part.item.configuration as JsonObject)
  return {
    item: {
      ...part.item,
      awsAccountId: scope.accountId,
      awsRegion: region === '' ? 'global' : scope.region,
      ARN: moved,
      resourceId: renamed(part.item.resourceId as JsonValue),
      configuration: Object.fromEntries(configuration.map(([key, value]) => [key, renamed(value)])),
    },
  }
}

function normalized(raw: JsonObject): ConfigurationItem {
  const answer = normalizeItem(raw)
  if (!answer.ok || answer.deleted) throw new Error(`not a live item: ${JSON.stringify(answer)}`)
  return answer.item
}

/** An ECR item of home. */
export function item(
  type: string,
  id: string,
  resource: string,
  configuration: JsonObject,
  supplementaryConfiguration: JsonObject = {},
): EstatePart {
  return itemWith({
    resourceType: type,
    resourceId: id,
    resourceName: id,
    ARN: `arn:aws:ecr:${home.region}:${home.accountId}:${resource}`,
    configuration,
    supplementaryConfiguration,
  })
}

/** An item of home with these fields; the others as AWS Config writes them. */
export function itemWith(fields: JsonObject): EstatePart {
  return {
    item: {
      configurationItemVersion: '1.3',
      configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
      configurationItemStatus: 'OK',
      awsAccountId: home.accountId,
      awsRegion: home.region,
      tags: {},
      supplementaryConfiguration: {},
      ...fields,
    },
  }
}

/** The fields whose value is not undefined: what a writer leaves out. */
export function stated(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}
