import type { NetworkPlace } from './load-place.ts'
import { editItems, elementOf, withElement } from './xml-items.ts'

/**
 * Makes the answers on networks those of AWS where moto's differ. Of VPCs that other accounts share, moto holds stand-ins: the
 * owner's things belong to the owner, and what moto made in the stand-in itself is not there.
 */
export function mendNetworks(network: NetworkPlace, shared: readonly string[]): void {
  const { accountId, wordsOf } = network
  const isShared = (item: string) => shared.includes(elementOf(item, 'vpcId') ?? '')
  const owners = new Map(wordsOf('Subnet').map(({ vpcId, ownerId }) => [vpcId, ownerId]))
  const owned = (item: string) => {
    if (!isShared(item)) return item
    const ownerId: string = owners.get(elementOf(item, 'vpcId')) ?? ''
    return withElement(item, 'ownerId', ownerId).replace(`:${accountId}:subnet/`, `:${ownerId}:subnet/`)
  }
  const groups = new Set(wordsOf('SecurityGroup').map(({ groupId }) => groupId))
  const isMade = (item: string) => isShared(item) && !groups.has(elementOf(item, 'groupId'))

  edit(network, 'DescribeVpcs', owned)
  edit(network, 'DescribeSubnets', owned)
  for (const operation of ['DescribeSecurityGroups', 'DescribeRouteTables', 'DescribeNetworkAcls']) {
    edit(network, operation, (item) => (isMade(item) ? '' : item))
  }
}

function edit(network: NetworkPlace, operation: string, change: (item: string) => string): void {
  network.overlay.mendText(`ec2:${operation}`, network, (text) => editItems(text, change))
}
