import { globalRegion, recorderType } from '../../inventory/recordable-types.ts'
import { isAccountId } from '../../model/arn.ts'

/** Types that are asked for: those AWS Config can record and this project has a view of. */
export const queryTypes = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::DHCPOptions',
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::Instance',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::PrefixList',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::TransitGateway',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCPeeringConnection',
  'AWS::ECR::PublicRepository',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::ReplicationConfiguration',
  'AWS::ECR::Repository',
  'AWS::ECR::RepositoryCreationTemplate',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::EKS::Addon',
  'AWS::EKS::Cluster',
  'AWS::EKS::FargateProfile',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
] as const

/** A type that AWS Config can be asked for. */
export type QueryType = (typeof queryTypes)[number]

const asked: ReadonlySet<string> = new Set([...queryTypes, recorderType])

/** True for a type that an expression may name. */
export function isQueryType(type: string): type is QueryType | typeof recorderType {
  return asked.has(type)
}

/** True for the name of a region, as far as its form tells. */
export function isRegionName(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/.test(text)
}

/** The accounts and regions (`global` included) that an aggregator is asked about. */
export interface Within {
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
}

/** Longest expression AWS Config takes, in characters. */
const MAX_LENGTH = 4_096

/** Whole parts of an item: single properties of policies cannot be selected, `configuration` brings them all. */
const columns = [
  'version',
  'accountId',
  'awsRegion',
  'resourceType',
  'resourceId',
  'resourceName',
  'arn',
  'configurationItemCaptureTime',
  'configurationItemStatus',
  'configuration',
  'supplementaryConfiguration',
  'tags',
] as const

/**
 * The query for all items of a type, of the accounts and regions when given. Undefined unless the type is one of ours, every
 * account twelve digits, every region of a region's form, and the whole no longer than AWS Config takes: nothing that comes
 * from outside can change the expression.
 */
export function selectExpression(type: string, within?: Within): string | undefined {
  if (!isQueryType(type)) return undefined
  const conditions = [`resourceType = '${type}'`, among('configurationItemStatus', ['OK', 'ResourceDiscovered'])]
  if (within !== undefined) {
    if (within.accounts.length === 0 || !within.accounts.every(isAccountId)) return undefined
    if (within.regions.length === 0 || !within.regions.every(isScopeRegion)) return undefined
    conditions.push(among('accountId', within.accounts), among('awsRegion', within.regions))
  }
  const expression = `SELECT ${columns.join(', ')} WHERE ${conditions.join(' AND ')}`
  return expression.length <= MAX_LENGTH ? expression : undefined
}

function isScopeRegion(text: string): boolean {
  return text === globalRegion || isRegionName(text)
}

function among(column: string, words: readonly string[]): string {
  return `${column} IN (${words.map((word) => `'${word}'`).join(', ')})`
}
