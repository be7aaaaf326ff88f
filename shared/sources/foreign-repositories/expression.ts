import { isAccountId } from '../../model/arn.ts'
import type { Scope } from '../../model/resource.ts'
import { isRegionName } from '../config-query/expression.ts'

/** Types that are looked up in the account and region of a registry. */
export type ForeignType = 'AWS::ECR::Repository' | 'AWS::ECR::RegistryPolicy' | 'AWS::Config::ConfigurationRecorder'

/** Whole parts of an item, as AWS Config's files have them. */
const columns = [
  ...['version', 'accountId', 'awsRegion', 'resourceType', 'resourceId', 'resourceName', 'arn'],
  ...['configurationItemCaptureTime', 'configurationItemStatus', 'configuration', 'supplementaryConfiguration', 'tags'],
].join(', ')

/** True for a name that ECR gives repositories. */
export function isRepositoryName(name: string): boolean {
  return name.length <= 256 && /^[a-z0-9][a-z0-9._/-]*$/.test(name)
}

/**
 * The query for the items of a type in one account and region; of repositories, for the one of that name. Undefined unless each part has
 * its form: nothing that comes from an image's name can change the expression.
 */
export function foreignExpression(type: ForeignType, { accountId, region }: Scope, name?: string): string | undefined {
  if (!isAccountId(accountId) || !isRegionName(region)) return undefined
  if (name !== undefined && !isRepositoryName(name)) return undefined
  const conditions = [
    `resourceType = '${type}'`,
    `accountId = '${accountId}'`,
    `awsRegion = '${region}'`,
    ...(name === undefined ? [] : [`resourceId = '${name}'`]),
    "configurationItemStatus IN ('OK', 'ResourceDiscovered')",
  ]
  return `SELECT ${columns} WHERE ${conditions.join(' AND ')}`
}
