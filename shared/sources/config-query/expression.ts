import { globalRegion, recordableTypes, recorderType } from '../../inventory/recordable-types.ts'
import { isAccountId } from '../../model/arn.ts'

/** Recordable types that nothing here has a view of. */
const unviewed: ReadonlySet<string> = new Set([
  'AWS::AutoScaling::LaunchConfiguration',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCEndpointService',
  'AWS::ECS::TaskSet',
  'AWS::EKS::IdentityProviderConfig',
  'AWS::IAM::Group',
  'AWS::IAM::SAMLProvider',
  'AWS::IAM::User',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
])

/** Types that are asked for: those AWS Config can record and this project has a view of. */
export const queryTypes: readonly string[] = [...recordableTypes].filter((type) => !unviewed.has(type))

const asked: ReadonlySet<string> = new Set([...queryTypes, recorderType])

/** True for a type that an expression may name. */
export function isQueryType(type: string): boolean {
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
