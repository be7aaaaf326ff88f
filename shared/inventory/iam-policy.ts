import { type Fact, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { ManagedPolicy } from './iam.ts'
import { nameOfArn } from './iam-role.ts'
import { policySource } from './policy-source.ts'
import { booleanProperty, listProperty, property, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::IAM::Policy` item: its default version, the only one that has effect. */
export function managedPolicyOf(item: ConfigurationItem): ManagedPolicy {
  const { configuration, arn } = item
  const version = defaultVersion(configuration)
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'PolicyName') ?? item.resourceName ?? nameOfArn(arn),
    versionId: (version && stringProperty(version, 'VersionId')) ?? stringProperty(configuration, 'DefaultVersionId'),
    document: documentOf(version, `the policy ${arn}`),
  }
}

function documentOf(version: JsonObject | undefined, where: string): Fact<PolicySource> {
  if (version === undefined) return unknown(`the default version of ${where} is missing`)
  const document = property(version, 'Document')
  return document === undefined ? unknown(`${where} has no document`) : policySource(document, where)
}

function defaultVersion(configuration: JsonObject): JsonObject | undefined {
  const versions = (listProperty(configuration, 'PolicyVersionList') ?? []).filter(isJsonObject)
  const flagged = versions.find((version) => booleanProperty(version, 'IsDefaultVersion') === true)
  const id = stringProperty(configuration, 'DefaultVersionId')
  return flagged ?? versions.find((version) => id !== undefined && stringProperty(version, 'VersionId') === id)
}
