import { type Fact, known, unknown } from '../model/fact.ts'
import type { JsonObject } from '../model/json.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import type { BlockPublicAccess, BlockPublicAccessExclusion } from './network.ts'
import { enumProperty, stringProperty } from './property.ts'

/** VPC Block Public Access of an account and region. */
export function blockPublicAccessOf(scope: Scope, listing: Inventory['listing']): Fact<BlockPublicAccess> {
  const options = listing('AWS::EC2::VPCBlockPublicAccessOptions', scope)
  if (options.state !== 'known') return options
  const mode = options.value.map(({ configuration }) => modeOf(configuration, 'InternetGatewayBlockMode'))[0]
  if (mode === undefined)
    return unknown(`the mode of VPC Block Public Access of account ${scope.accountId} in ${scope.region} is missing`)
  return known({ mode, exclusions: exclusionsOf(scope, listing) }, options.assumptions)
}

function exclusionsOf(scope: Scope, listing: Inventory['listing']): Fact<readonly BlockPublicAccessExclusion[]> {
  const listed = listing('AWS::EC2::VPCBlockPublicAccessExclusion', scope)
  if (listed.state === 'absent') return known([], listed.assumptions)
  if (listed.state === 'unknown') return listed
  const exclusions = listed.value.map(exclusionOf)
  return exclusions.every((one) => one !== undefined)
    ? known(exclusions, listed.assumptions)
    : unknown(
        `an exclusion from VPC Block Public Access of account ${scope.accountId} in ${scope.region} is unreadable`,
      )
}

function exclusionOf({ configuration }: ConfigurationItem): BlockPublicAccessExclusion | undefined {
  const mode = modeOf(configuration, 'InternetGatewayExclusionMode')
  const vpcId = stringProperty(configuration, 'VpcId')
  const subnetId = stringProperty(configuration, 'SubnetId')
  return mode === undefined || (vpcId === undefined && subnetId === undefined) ? undefined : { vpcId, subnetId, mode }
}

function modeOf(configuration: JsonObject, name: string): string | undefined {
  return enumProperty(configuration, name)?.toLowerCase()
}
