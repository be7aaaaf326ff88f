// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What joins networks, in the words of EC2's wire (`transitGatewayAttachmentId`, …). */
export interface FakeTransit {
  readonly vpcAttachments: any[]
  /** All attachments, those of VPCs included. */
  readonly attachments: any[]
  readonly routeTables: any[]
  /** Route table id to its routes. A table without an entry is not found. */
  readonly routes: Map<string, any[]>
  readonly associations: Map<string, any[]>
  readonly propagations: Map<string, any[]>
  readonly peerings: any[]
  /** Entries a page holds at most. */
  pageSize: number
  /** Whether a search hands out tokens for what does not fit; without them it only says that there is more. */
  searchPages: boolean
}

/** An account that joins nothing. */
export function emptyTransit(): FakeTransit {
  return {
    vpcAttachments: [],
    attachments: [],
    routeTables: [],
    routes: new Map(),
    associations: new Map(),
    propagations: new Map(),
    peerings: [],
    pageSize: 1000,
    searchPages: true,
  }
}

type Answer = (transit: FakeTransit, body: any) => unknown

const answers = new Map<string, Answer>([
  ['DescribeTransitGatewayVpcAttachments', listing('vpcAttachments', 'transitGatewayVpcAttachments')],
  ['DescribeTransitGatewayAttachments', listing('attachments', 'transitGatewayAttachments')],
  ['DescribeTransitGatewayRouteTables', listing('routeTables', 'transitGatewayRouteTables')],
  ['DescribeVpcPeeringConnections', listing('peerings', 'vpcPeeringConnectionSet')],
  ['GetTransitGatewayRouteTableAssociations', members('associations', 'associations')],
  ['GetTransitGatewayRouteTablePropagations', members('propagations', 'transitGatewayRouteTablePropagations')],
  ['SearchTransitGatewayRoutes', search],
])

/** Lets the services of a fake account answer for these networks. */
export function serveTransit(
  services: Map<string, (operation: string, body: any) => unknown>,
  transit: FakeTransit,
): void {
  for (const [operation, answer] of answers) services.set(`ec2:${operation}`, (_, body) => answer(transit, body))
}

function listing(key: 'vpcAttachments' | 'attachments' | 'routeTables' | 'peerings', set: string): Answer {
  return (transit, body) => {
    const { page, next } = paged(transit[key], transit, body)
    return { requestId: '1', [set]: page, nextToken: next }
  }
}

function members(key: 'associations' | 'propagations', set: string): Answer {
  return (transit, body) => {
    const { page, next } = paged(ofTable(transit[key], body), transit, body)
    return { requestId: '1', [set]: page, nextToken: next }
  }
}

/** At most 1,000 routes at a time, in the states asked for. */
function search(transit: FakeTransit, body: any): unknown {
  const all = ofTable(transit.routes, body)
  const states = statesOf(body)
  const found = all.filter(({ state }) => states.includes(state))
  const { page, next } = paged(found, transit, body)
  return {
    requestId: '1',
    routeSet: page,
    additionalRoutesAvailable: next !== undefined,
    nextToken: transit.searchPages ? next : undefined,
  }
}

/** A search without filters is refused; of the filters this server knows only the state. */
function statesOf(body: any): readonly unknown[] {
  if (body['Filter.1.Name'] === undefined) throw new Refusal('MissingParameter')
  if (body['Filter.1.Name'] !== 'state' || body['Filter.2.Name'] !== undefined) throw new Refusal('InvalidFilter')
  return Object.entries(body).flatMap(([key, value]) => (key.startsWith('Filter.1.Value.') ? [value] : []))
}

function ofTable(tables: ReadonlyMap<string, any[]>, body: any): readonly any[] {
  const found = tables.get(body.TransitGatewayRouteTableId)
  if (found === undefined) throw new Refusal('InvalidRouteTableID.NotFound')
  return found
}

function paged<T>(all: readonly T[], { pageSize }: FakeTransit, body: any) {
  const asked = Number(body.MaxResults ?? 1000)
  if (asked < 5 || asked > 1000) throw new Refusal('InvalidParameterValue')
  return pageFrom(all, body.NextToken, Math.min(asked, pageSize))
}
