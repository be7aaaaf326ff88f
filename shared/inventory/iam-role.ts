import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue, ownString } from '../model/json.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { AttachedPolicy, InlinePolicy, Role } from './iam.ts'
import { policySource } from './policy-source.ts'
import { convertedList, listProperty, property, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::IAM::Role` item; a role always has a trust policy, so a missing one is unknown. */
export function roleOf(item: ConfigurationItem): Role {
  const { configuration, arn } = item
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'RoleName') ?? item.resourceName ?? nameOfArn(arn),
    roleId: stringProperty(configuration, 'RoleId') ?? roleIdOf(item.resourceId),
    path: stringProperty(configuration, 'Path') ?? pathOfArn(arn),
    trustPolicy: trustPolicy(configuration, arn),
    inlinePolicies: inlinePolicies(configuration, arn),
    attachedPolicies: attachedPolicies(configuration, arn),
    permissionsBoundary: permissionsBoundary(configuration, arn),
    tags: tagsOf(item),
  }
}

/** The last part of an IAM ARN: the name without its path. */
export function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function pathOfArn(arn: string): string {
  const first = arn.indexOf('/')
  return first < 0 ? '/' : arn.slice(first, arn.lastIndexOf('/') + 1)
}

function roleIdOf(resourceId: string): string | undefined {
  return resourceId.startsWith('AROA') ? resourceId : undefined
}

function trustPolicy(configuration: JsonObject, arn: string): Fact<PolicySource> {
  const where = `the trust policy of ${arn}`
  const source = policySource(property(configuration, 'AssumeRolePolicyDocument'), where)
  return source.state === 'absent' ? unknown(`${where} is missing`) : source
}

function inlinePolicies(configuration: JsonObject, arn: string): Fact<readonly InlinePolicy[]> {
  const policies = convertedList(configuration, 'RolePolicyList', (entry) => inlinePolicy(entry, arn))
  return policies === undefined ? unknown(`the inline policies of ${arn} are missing`) : known(policies)
}

function inlinePolicy(entry: JsonObject, arn: string): InlinePolicy | undefined {
  const name = stringProperty(entry, 'PolicyName')
  const document = property(entry, 'PolicyDocument')
  if (name === undefined) return undefined
  const where = `the inline policy ${name} of ${arn}`
  return {
    name,
    document: document === undefined ? unknown(`${where} has no document`) : policySource(document, where),
  }
}

function attachedPolicies(configuration: JsonObject, arn: string): Fact<readonly AttachedPolicy[]> {
  const policies = convertedList(configuration, 'AttachedManagedPolicies', attachedPolicy)
  return policies === undefined ? unknown(`the attached policies of ${arn} are missing`) : known(policies)
}

function attachedPolicy(entry: JsonObject): AttachedPolicy | undefined {
  const arn = stringProperty(entry, 'PolicyArn')
  return arn === undefined ? undefined : { arn, name: stringProperty(entry, 'PolicyName') ?? nameOfArn(arn) }
}

/** AWS Config writes null for a role without a boundary, IAM leaves the property out. */
function permissionsBoundary(configuration: JsonObject, arn: string): Fact<string> {
  const value = property(configuration, 'PermissionsBoundary')
  if (value === undefined || value === null || value === '') return absent()
  const stated = isJsonObject(value) ? stringProperty(value, 'PermissionsBoundaryArn') : value
  return typeof stated === 'string' ? known(stated) : unknown(`the permissions boundary of ${arn} cannot be read`)
}

function tagsOf(item: ConfigurationItem): ReadonlyMap<string, string> {
  if (item.tags.size > 0) return item.tags
  return new Map((listProperty(item.configuration, 'Tags') ?? []).flatMap(tagOf))
}

function tagOf(entry: JsonValue): [string, string][] {
  if (!isJsonObject(entry)) return []
  const key = stringProperty(entry, 'Key')
  return key === undefined ? [] : [[key, ownString(entry, 'value') ?? ownString(entry, 'Value') ?? '']]
}
