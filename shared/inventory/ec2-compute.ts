import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { AutoScalingGroup, LaunchTemplate } from './compute.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import {
  booleanProperty,
  listProperty,
  numberProperty,
  objectProperty,
  stringListProperty,
  stringProperty,
} from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::EC2::LaunchTemplate` item. */
export function launchTemplateOf(item: ConfigurationItem): LaunchTemplate {
  return {
    ...resourceOfItem(item),
    name: stringProperty(item.configuration, 'LaunchTemplateName') ?? item.resourceName ?? item.resourceId,
    instanceProfile: instanceProfile(item),
    securityGroupIds: securityGroupIds(item),
    associatePublicIp: associatePublicIp(item),
    versions: versions(item.configuration),
  }
}

/** The typed view of an `AWS::AutoScaling::AutoScalingGroup` item. */
export function autoScalingGroupOf(item: ConfigurationItem): AutoScalingGroup {
  const { configuration } = item
  const launchConfiguration = stringProperty(configuration, 'LaunchConfigurationName')
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'AutoScalingGroupName') ?? item.resourceName ?? item.resourceId,
    launchTemplate: launchTemplate(configuration, item.arn),
    launchTemplateVersion: usedVersion(configuration),
    launchConfiguration: launchConfiguration === undefined ? absent() : known(launchConfiguration),
    subnets: subnets(configuration),
    tags: item.tags,
  }
}

/** The primary network interface has the device index 0, which may be left out. */
function primaryInterface(data: JsonObject): JsonObject | undefined {
  const interfaces = (listProperty(data, 'NetworkInterfaces') ?? []).filter(isJsonObject)
  return interfaces.find((one) => (numberProperty(one, 'DeviceIndex') ?? 0) === 0)
}

function securityGroupIds(item: ConfigurationItem): Fact<readonly string[]> {
  const data = objectProperty(item.configuration, 'LaunchTemplateData')
  if (data === undefined) return unknown(`the data of the launch template ${item.arn} is missing`)
  const primary = primaryInterface(data)
  if (primary !== undefined && stringProperty(primary, 'NetworkInterfaceId') !== undefined) {
    return unknown(`the launch template ${item.arn} attaches a network interface made before`)
  }
  const holder = primary ?? data
  const ids = stringListProperty(holder, primary === undefined ? 'SecurityGroupIds' : 'Groups') ?? []
  if (ids.length > 0) return known(ids)
  return (listProperty(data, 'SecurityGroups') ?? []).length > 0
    ? unknown(`the launch template ${item.arn} names its security groups without their ids`)
    : absent()
}

function associatePublicIp(item: ConfigurationItem): Fact<boolean> {
  const data = objectProperty(item.configuration, 'LaunchTemplateData')
  if (data === undefined) return unknown(`the data of the launch template ${item.arn} is missing`)
  const primary = primaryInterface(data)
  const stated = primary && booleanProperty(primary, 'AssociatePublicIpAddress')
  return stated === undefined ? absent() : known(stated)
}

function instanceProfile(item: ConfigurationItem): Fact<string> {
  const data = objectProperty(item.configuration, 'LaunchTemplateData')
  if (data === undefined) return unknown(`the data of the launch template ${item.arn} is missing`)
  const profile = objectProperty(data, 'IamInstanceProfile')
  if (profile === undefined) return absent()
  const stated = stringProperty(profile, 'Arn') ?? stringProperty(profile, 'Name')
  return stated === undefined ? absent() : known(stated)
}

function launchTemplate(configuration: JsonObject, arn: string): Fact<string> {
  const own = objectProperty(configuration, 'LaunchTemplate')
  if (own !== undefined) return templateIn(own, arn)
  const mixed = objectProperty(configuration, 'MixedInstancesPolicy')
  if (mixed === undefined) return absent()
  const inside = objectProperty(mixed, 'LaunchTemplate')
  const base = inside && objectProperty(inside, 'LaunchTemplateSpecification')
  if (inside === undefined || base === undefined) return unknown(`the launch template of ${arn} is missing`)
  const overrides = (listProperty(inside, 'Overrides') ?? []).filter(isJsonObject)
  return overrides.some((one) => objectProperty(one, 'LaunchTemplateSpecification') !== undefined)
    ? unknown(`${arn} uses several launch templates`)
    : templateIn(base, arn)
}

/** The version of the template that `launchTemplate` finds. */
function usedVersion(configuration: JsonObject): string | undefined {
  const mixed = objectProperty(configuration, 'MixedInstancesPolicy')
  const inside = mixed && objectProperty(mixed, 'LaunchTemplate')
  const base = inside && objectProperty(inside, 'LaunchTemplateSpecification')
  const used = objectProperty(configuration, 'LaunchTemplate') ?? base
  return used && versionNumber(used, 'Version')
}

function versions(configuration: JsonObject): LaunchTemplate['versions'] {
  const standard = versionNumber(configuration, 'DefaultVersionNumber')
  const latest = versionNumber(configuration, 'LatestVersionNumber')
  return standard === undefined || latest === undefined ? undefined : { standard, latest }
}

/** AWS Config writes texts, answers of EC2 and files made by hand numbers. */
function versionNumber(configuration: JsonObject, name: string): string | undefined {
  return stringProperty(configuration, name) ?? numberProperty(configuration, name)?.toString()
}

function templateIn(specification: JsonObject, arn: string): Fact<string> {
  const stated =
    stringProperty(specification, 'LaunchTemplateId') ?? stringProperty(specification, 'LaunchTemplateName')
  return stated === undefined ? unknown(`the launch template of ${arn} is missing`) : known(stated)
}

/** AWS Config writes one text with commas, CloudFormation a list. */
function subnets(configuration: JsonObject): readonly string[] {
  const stated = listProperty(configuration, 'VpczoneIdentifier') ?? listProperty(configuration, 'VPCZoneIdentifier')
  return (stated ?? [])
    .flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : []))
    .map((subnet) => subnet.trim())
    .filter((subnet) => subnet !== '')
}
