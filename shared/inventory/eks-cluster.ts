import { partitionOf } from '../model/arn.ts'
import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { EksCluster, FargateProfile, Nodegroup, PodIdentityAssociation, PodSelector } from './eks.ts'
import { convertedList, objectProperty, property, stringListProperty, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::EKS::Cluster` item. */
export function eksClusterOf(item: ConfigurationItem): EksCluster {
  const { configuration } = item
  const identity = objectProperty(configuration, 'Identity')
  const oidc = identity && objectProperty(identity, 'Oidc')
  const network = objectProperty(configuration, 'ResourcesVpcConfig')
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'Name') ?? item.resourceName ?? item.resourceId,
    roleArn: stringProperty(configuration, 'RoleArn'),
    oidcIssuer: stringProperty(configuration, 'OpenIdConnectIssuerUrl') ?? (oidc && stringProperty(oidc, 'Issuer')),
    clusterSecurityGroupId:
      stringProperty(item.supplementaryConfiguration, 'ClusterSecurityGroupId') ??
      (network && stringProperty(network, 'ClusterSecurityGroupId')),
    subnetIds: (network && stringListProperty(network, 'SubnetIds')) ?? [],
  }
}

/** The typed view of an `AWS::EKS::Nodegroup` item; its ARN is `…:nodegroup/<cluster>/<name>/<uuid>`. */
export function nodegroupOf(item: ConfigurationItem): Nodegroup {
  const { configuration, accountId, region } = item
  const [, cluster, name] = item.arn.split('/')
  const clusterName = stringProperty(configuration, 'ClusterName') ?? cluster ?? ''
  const template = objectProperty(configuration, 'LaunchTemplate')
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'NodegroupName') ?? name ?? item.resourceId,
    clusterName,
    clusterArn: `arn:${partitionOf(region)}:eks:${region}:${accountId}:cluster/${clusterName}`,
    nodeRoleArn: roleFact(item, 'NodeRole', 'node role'),
    subnets: stringListProperty(configuration, 'Subnets') ?? [],
    securityGroupIds: stringListProperty(item.supplementaryConfiguration, 'SecurityGroupIds'),
    launchTemplate: template && (stringProperty(template, 'Id') ?? stringProperty(template, 'Name') ?? ''),
    launchTemplateVersion: template && stringProperty(template, 'Version'),
    labels: textMap(configuration, 'Labels'),
    amiType: stringProperty(configuration, 'AmiType'),
    capacityType: stringProperty(configuration, 'CapacityType'),
  }
}

/** The typed view of an `AWS::EKS::FargateProfile` item; its ARN is `…:fargateprofile/<cluster>/<name>/<uuid>`. */
export function fargateProfileOf(item: ConfigurationItem): FargateProfile {
  const { configuration } = item
  const [, cluster, name] = item.arn.split('/')
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'FargateProfileName') ?? name ?? item.resourceId,
    clusterName: stringProperty(configuration, 'ClusterName') ?? cluster ?? '',
    podExecutionRoleArn: roleFact(item, 'PodExecutionRoleArn', 'pod execution role'),
    subnets: stringListProperty(configuration, 'Subnets') ?? [],
    selectors: podSelectors(item),
  }
}

/** The typed view of an `AWS::EKS::PodIdentityAssociation` item; what the source left out is an empty text. */
export function podIdentityAssociationOf(item: ConfigurationItem): PodIdentityAssociation {
  const text = (name: string) => stringProperty(item.configuration, name) ?? ''
  return {
    ...resourceOfItem(item),
    clusterName: text('ClusterName'),
    namespace: text('Namespace'),
    serviceAccount: text('ServiceAccount'),
    roleArn: text('RoleArn'),
  }
}

function podSelectors({ configuration, arn }: ConfigurationItem): Fact<readonly PodSelector[]> {
  const selectors = convertedList(configuration, 'Selectors', podSelector)
  return selectors === undefined ? unknown(`the selectors of ${arn} are missing`) : known(selectors)
}

/** API answers list labels as an object, CloudFormation as `{Key, Value}` pairs. */
function podSelector(entry: JsonObject): PodSelector | undefined {
  const namespace = stringProperty(entry, 'Namespace')
  const listed = property(entry, 'Labels')
  const labels = listed === undefined || listed === null ? new Map<string, string>() : textMap(entry, 'Labels')
  return namespace === undefined || labels === undefined ? undefined : { namespace, labels }
}

/** Undefined when the property is missing or any value is not a text. */
function textMap(object: JsonObject, name: string): ReadonlyMap<string, string> | undefined {
  const value = property(object, name)
  const entries = isJsonObject(value) ? Object.entries(value) : convertedList(object, name, keyAndValue)
  if (value === undefined || entries === undefined) return undefined
  return entries.every(isTextEntry) ? new Map(entries) : undefined
}

function keyAndValue(entry: JsonObject): readonly [string, JsonValue] | undefined {
  const key = stringProperty(entry, 'Key')
  const value = property(entry, 'Value')
  return key === undefined || value === undefined ? undefined : [key, value]
}

function isTextEntry(entry: readonly [string, JsonValue]): entry is readonly [string, string] {
  return typeof entry[1] === 'string'
}

function roleFact(item: ConfigurationItem, name: string, what: string): Fact<string> {
  const arn = stringProperty(item.configuration, name)
  return arn === undefined ? unknown(`the ${what} of ${item.arn} is missing`) : known(arn)
}
