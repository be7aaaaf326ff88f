import type { TransitGatewayAttachment, TransitGatewayRouteTable, VpcPeering } from '../inventory/network.ts'
import { byId } from '../inventory/network-by-id.ts'
import type { Topology } from './topology.ts'

/** What joins networks, as far as the inventory holds it. */
export interface Transit {
  readonly peerings: ReadonlyMap<string, VpcPeering>
  /** By id; what the items of several accounts say of one is put together. */
  readonly attachments: ReadonlyMap<string, TransitGatewayAttachment>
  /** The route tables an attachment is associated with: one, unless items contradict each other. */
  readonly tablesOf: ReadonlyMap<string, readonly TransitGatewayRouteTable[]>
  /** Ids of transit gateways of which the inventory holds more than a route to them. */
  readonly gateways: ReadonlySet<string>
  /** By transit gateway and VPC. */
  readonly byPlace: ReadonlyMap<string, readonly TransitGatewayAttachment[]>
}

/** The joints of a topology's networks; made once. */
export function transitOf(topology: Topology): Transit {
  return topology.remember('transit', () => {
    const { network } = topology
    const items = Map.groupBy(network.transitGatewayAttachments, ({ id }) => id)
    const attachments = [...items.values()].flatMap((same) => together(same) ?? [])
    const tables = [...byId(network.transitGatewayRouteTables).values()]
    return {
      peerings: byId(network.vpcPeerings),
      attachments: new Map(attachments.map((attachment) => [attachment.id, attachment])),
      tablesOf: tablesByAttachment(tables),
      gateways: new Set([...attachments, ...tables].map(({ transitGatewayId }) => transitGatewayId)),
      byPlace: Map.groupBy(attachments, ({ transitGatewayId, vpcId }) => `${transitGatewayId}|${vpcId ?? ''}`),
    }
  })
}

/** A VPC's attachment to a transit gateway. One that is over may still be listed beside the one that replaced it. */
export function attachmentOf(
  { byPlace }: Transit,
  transitGatewayId: string,
  vpcId: string,
): TransitGatewayAttachment | undefined {
  const all = byPlace.get(`${transitGatewayId}|${vpcId}`)
  return all?.find(({ state }) => state === undefined || isWorking(state)) ?? all?.[0]
}

function tablesByAttachment(
  tables: readonly TransitGatewayRouteTable[],
): ReadonlyMap<string, readonly TransitGatewayRouteTable[]> {
  const found = new Map<string, TransitGatewayRouteTable[]>()
  for (const table of tables) {
    for (const id of table.associations.state === 'known' ? table.associations.value : []) {
      const others = found.get(id)
      if (others === undefined) found.set(id, [table])
      else others.push(table)
    }
  }
  return found
}

/** Whether an attachment in this state carries traffic. */
export function isWorking(state: string): boolean {
  return state === 'available' || state === 'modifying'
}

/** The account of the VPC knows the subnets, that of the transit gateway may know the state. */
function together(items: readonly TransitGatewayAttachment[]): TransitGatewayAttachment | undefined {
  const main = items.find(({ subnetIds }) => subnetIds.state === 'known') ?? items[0]
  if (main === undefined) return undefined
  const vpcId = main.vpcId ?? items.find((one) => one.vpcId !== undefined)?.vpcId
  return { ...main, vpcId, state: main.state ?? items.find(({ state }) => state !== undefined)?.state }
}
