import { DescribeTransitGatewayRouteTablesCommand, type TransitGatewayRouteTable } from '@aws-sdk/client-ec2'
import { type JsonObject, ownString } from '../../model/json.ts'
import { list } from '../ec2/listing.ts'
import { CONCURRENCY, type Ec2Reader, ec2Item, picked } from '../ec2/reader.ts'
import { type Answer, forEachConcurrently, type Gap, gapsOf, needText, present, type Reading } from '../reading.ts'
import { listAssociations, listPropagations, searchRoutes } from './table-parts.ts'

const TYPE = 'AWS::EC2::TransitGatewayRouteTable'

/**
 * Reads the route tables of the account's transit gateways with what they hold. A part that cannot be read whole is left out and
 * is a gap of its table; a table that is gone meanwhile, or of which EC2 says that there is none, is left out altogether.
 */
export async function readRouteTables(reader: Ec2Reader): Promise<Reading> {
  const { items, reading } = await listRouteTables(reader)
  const read = new Map<JsonObject, TableReading>()
  await forEachConcurrently(items, CONCURRENCY, async (item) => {
    read.set(item, await readParts(reader, item))
  })
  const inOrder = items.map((item) => read.get(item)).filter((one) => one !== undefined)
  return {
    items: inOrder.map(({ item }) => item).filter((item) => item !== undefined),
    coverage: reading.coverage,
    gaps: [...reading.gaps, ...inOrder.flatMap(({ gaps }) => gaps)],
  }
}

/** Without an item: the table is gone. */
interface TableReading {
  readonly item?: JsonObject
  readonly gaps: readonly Gap[]
}

async function readParts(reader: Ec2Reader, item: JsonObject): Promise<TableReading> {
  const id = ownString(item, 'resourceId') ?? ''
  const routes = await searchRoutes(reader, id)
  const associations = await listAssociations(reader, id)
  const propagations = await listPropagations(reader, id)
  const parts = [routes, associations, propagations]
  if (parts.some(({ state }) => state === 'absent')) return { gaps: [] }
  const supplementaryConfiguration = present({
    routes: knownValue(routes),
    associations: knownValue(associations),
    propagations: knownValue(propagations),
  })
  return {
    item: { ...item, supplementaryConfiguration },
    gaps: parts.flatMap((part) => gapsOf(part, TYPE, ownString(item, 'arn'))),
  }
}

function knownValue<T>(answer: Answer<T>): T | undefined {
  return answer.state === 'known' ? answer.value : undefined
}

function listRouteTables(reader: Ec2Reader) {
  return list(reader, {
    type: TYPE,
    action: 'ec2:DescribeTransitGatewayRouteTables',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeTransitGatewayRouteTablesCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.TransitGatewayRouteTables, nextToken: output.NextToken }
    },
    item: (table) => tableItem(reader, table),
  })
}

/** EC2 shows deleted tables for a while, and lets go only of those that no attachment uses. */
function tableItem(reader: Ec2Reader, table: TransitGatewayRouteTable): JsonObject | undefined {
  if (table.State === 'deleted' || table.State === 'deleting') return undefined
  const id = needText(table.TransitGatewayRouteTableId, 'TransitGatewayRouteTableId')
  needText(table.TransitGatewayId, 'TransitGatewayId')
  const names = ['TransitGatewayId', 'State', 'DefaultAssociationRouteTable', 'DefaultPropagationRouteTable'] as const
  return ec2Item(reader, TYPE, 'transit-gateway-route-table', { id }, { Id: id, ...picked(table, names) })
}
