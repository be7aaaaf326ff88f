import {
  GetTransitGatewayRouteTableAssociationsCommand,
  GetTransitGatewayRouteTablePropagationsCommand,
  SearchTransitGatewayRoutesCommand,
  type TransitGatewayRoute,
} from '@aws-sdk/client-ec2'
import type { JsonObject } from '../../model/json.ts'
import { type Ec2Reader, filter, isNotFound, picked } from '../ec2/reader.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText } from '../reading.ts'

/** The search wants a filter: together these are all routes that are in force. */
const inForce = filter('state', ['active', 'blackhole'])

/**
 * All routes of a transit gateway route table that are in force, propagated ones included. Unknown when the search says that there
 * are more than it shows: half a table would lead traffic elsewhere. Absent: there is no such table.
 */
export async function searchRoutes(
  reader: Ec2Reader,
  TransitGatewayRouteTableId: string,
): Promise<Answer<readonly JsonObject[]>> {
  let isWhole = true
  const answer = await askPages(
    reader,
    'ec2:SearchTransitGatewayRoutes',
    isNotFound,
    async (NextToken, abortSignal) => {
      const input = { TransitGatewayRouteTableId, Filters: [inForce], MaxResults: 1000, NextToken }
      const output = await reader.client.send(new SearchTransitGatewayRoutesCommand(input), { abortSignal })
      const entries = needList(output.Routes, 'Routes').map(routeOf)
      const hasNext = output.NextToken !== undefined && output.NextToken !== ''
      if (!hasNext) isWhole = !needFlag(output.AdditionalRoutesAvailable, 'AdditionalRoutesAvailable')
      return { entries, nextToken: output.NextToken }
    },
  )
  if (answer.state !== 'known' || isWhole) return answer
  const reason = `ec2:SearchTransitGatewayRoutes shows ${answer.value.length} routes and says that there are more`
  return { state: 'unknown', reason, transience: 'lasting' }
}

function needFlag(value: boolean | undefined, what: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedAnswer(`answer without ${what}`)
  return value
}

function routeOf(route: TransitGatewayRoute): JsonObject {
  if (route.DestinationCidrBlock === undefined) needText(route.PrefixListId, 'a destination')
  needText(route.State, 'State')
  needText(route.Type, 'Type')
  for (const one of route.TransitGatewayAttachments ?? []) needAttachment(one)
  return picked(route, ['DestinationCidrBlock', 'PrefixListId', 'TransitGatewayAttachments', 'Type', 'State'])
}

/** The attachments whose traffic the table routes. Absent: there is no such table. */
export function listAssociations(reader: Ec2Reader, TransitGatewayRouteTableId: string) {
  const action = 'ec2:GetTransitGatewayRouteTableAssociations'
  return askPages(reader, action, isNotFound, async (NextToken, abortSignal) => {
    const input = { TransitGatewayRouteTableId, MaxResults: 1000, NextToken }
    const output = await reader.client.send(new GetTransitGatewayRouteTableAssociationsCommand(input), { abortSignal })
    return { entries: needList(output.Associations, 'Associations').map(memberOf), nextToken: output.NextToken }
  })
}

/** The attachments that bring their CIDRs as routes. Absent: there is no such table. */
export function listPropagations(reader: Ec2Reader, TransitGatewayRouteTableId: string) {
  const action = 'ec2:GetTransitGatewayRouteTablePropagations'
  return askPages(reader, action, isNotFound, async (NextToken, abortSignal) => {
    const input = { TransitGatewayRouteTableId, MaxResults: 1000, NextToken }
    const output = await reader.client.send(new GetTransitGatewayRouteTablePropagationsCommand(input), { abortSignal })
    const members = needList(output.TransitGatewayRouteTablePropagations, 'TransitGatewayRouteTablePropagations')
    return { entries: members.map(memberOf), nextToken: output.NextToken }
  })
}

interface Member {
  readonly TransitGatewayAttachmentId?: string | undefined
  readonly ResourceId?: string | undefined
  readonly ResourceType?: string | undefined
  readonly State?: string | undefined
}

function memberOf(member: Member): JsonObject {
  needAttachment(member)
  needText(member.State, 'State')
  return picked(member, ['TransitGatewayAttachmentId', 'ResourceId', 'ResourceType', 'State'])
}

function needAttachment(one: Pick<Member, 'TransitGatewayAttachmentId'>): void {
  needText(one.TransitGatewayAttachmentId, 'TransitGatewayAttachmentId')
}
