import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { InstanceProfile } from './iam.ts'
import { nameOfArn } from './iam-role.ts'
import { listProperty, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

const type = 'AWS::IAM::InstanceProfile'

/** The typed view of an `AWS::IAM::InstanceProfile` item. */
export function instanceProfileOf(item: ConfigurationItem): InstanceProfile {
  const { configuration, arn } = item
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'InstanceProfileName') ?? item.resourceName ?? nameOfArn(arn),
    roles: rolesOf(configuration, arn),
  }
}

/** The instance profiles that items of roles name: AWS Config writes them into the role. */
export function instanceProfilesOfRole(item: ConfigurationItem): readonly InstanceProfile[] {
  const { accountId, region, configuration } = item
  return (listProperty(configuration, 'InstanceProfileList') ?? []).filter(isJsonObject).flatMap((entry) => {
    const arn = stringProperty(entry, 'Arn')
    if (arn === undefined) return []
    const ref = { type, id: stringProperty(entry, 'InstanceProfileId') ?? arn, arn, accountId, region }
    const name = stringProperty(entry, 'InstanceProfileName') ?? nameOfArn(arn)
    return [{ ref, observedAt: item.captureTime, name, roles: known([item.arn]) }]
  })
}

function rolesOf(configuration: JsonObject, arn: string): Fact<readonly string[]> {
  const roles = listProperty(configuration, 'Roles')?.map(roleIn)
  return roles?.every((role) => role !== undefined) ? known(roles) : unknown(`the role of ${arn} is missing`)
}

/** CloudFormation names the role; the IAM API describes it. */
function roleIn(entry: JsonValue): string | undefined {
  if (typeof entry === 'string' && entry !== '') return entry
  return isJsonObject(entry) ? (stringProperty(entry, 'Arn') ?? stringProperty(entry, 'RoleName')) : undefined
}
