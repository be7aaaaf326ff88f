import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { topologyOf } from '../network/topology.ts'
import type { ReachPath } from '../network/types.ts'
import { endpointKeys } from './endpoint-context.ts'
import type { HostReach } from './hops/host-reach.ts'
import { nameOfWay } from './hops/way.ts'
import type { PullWorld } from './types.ts'

/** Condition keys, in lower case, that the way of a request through the network decides. */
export interface WayKeys {
  /** The same for the same keys and values. */
  readonly key: string
  /** The way in words: `NAT gateway nat-1`. */
  readonly way: string
  readonly values: RequestContext
}

/** The ways of the requests of a pull; absent when not known. */
export interface PullWays {
  /** To `ecr.api`. */
  readonly token?: WayKeys
  /** To the registry. */
  readonly pull?: WayKeys
}

/** Keys of which AWS says that only requests through an endpoint carry them. */
const ofEndpoints = [
  'aws:sourcevpce',
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
] as const
const names = [...ofEndpoints, 'aws:sourceip'] as const

/** What the ways to the hosts of a pull decide. */
export function pullWays(world: PullWorld, hosts: readonly HostReach[]): PullWays {
  const token = keysTo(world, hosts, 'ecr-api')
  const pull = keysTo(world, hosts, 'ecr-dkr')
  return { ...(token === undefined ? {} : { token }), ...(pull === undefined ? {} : { pull }) }
}

/** Undefined when no request gets there, or nobody knows how. */
function keysTo(world: PullWorld, hosts: readonly HostReach[], hop: HostReach['hop']): WayKeys | undefined {
  const host = hosts.find((one) => one.hop === hop)
  const ways = host?.reach.paths.filter(({ verdict }) => verdict !== 'blocked') ?? []
  if (ways.length === 0) return undefined
  const key = JSON.stringify(
    ways.map(({ kind, via, through }) => [kind, via, ...(through === undefined ? [] : [through])]),
  )
  const way = ways.map(nameOfWay).join(' or ')
  return { key, way, values: agreed(ways.map((way) => keysOfWay(world, way))) }
}

/** A request takes one of the ways: where their keys differ, nothing is known. */
function agreed(ways: readonly RequestContext[]): RequestContext {
  return new Map(
    names.map((name) => {
      const [first = unknownKey, ...others] = ways.map((keys) => keys.get(name) ?? unknownKey)
      return [name, others.every((other) => isSame(first, other)) ? first : unknownKey]
    }),
  )
}

function isSame(a: ContextValue, b: ContextValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function keysOfWay({ inventory }: PullWorld, { kind, via, through }: ReachPath): RequestContext {
  switch (kind) {
    case 'privateEndpoint':
    case 'centralEndpoint':
    case 'gatewayEndpoint':
      return keysOfEndpoint(inventory, via, kind === 'privateEndpoint')
    case 'natGateway':
    case 'internetGateway':
      return through === undefined ? throughInternet : keysOfEndpoint(inventory, through, false)
    case 'other':
      return nothingKnown
    default:
      return kind satisfies never
  }
}

/** `isNear`: the caller's address is one of the endpoint's own VPC. */
function keysOfEndpoint(inventory: Inventory, id: string, isNear: boolean): RequestContext {
  const endpoint = topologyOf(inventory).endpoints.get(id)
  if (endpoint === undefined) return throughSomeEndpoint
  const address = isNear ? addressIn(inventory, endpoint.vpcId) : unknownKey
  return new Map([...endpointKeys(endpoint), ['aws:vpcsourceip', address]])
}

/** Some private address of a VPC: its block, where it has but one. */
function addressIn({ network }: Inventory, vpcId: string): ContextValue {
  const vpc = network.vpc(vpcId)
  const [cidr, ...others] = vpc === undefined ? [] : [...vpc.cidrs, ...vpc.ipv6Cidrs]
  return cidr === undefined || others.length > 0 ? unknownKey : present(cidr)
}

const nothingKnown: RequestContext = new Map()
const throughSomeEndpoint: RequestContext = new Map([['aws:sourceip', absentKey]])
/** The public address it comes from is not known. */
const throughInternet: RequestContext = new Map(ofEndpoints.map((name) => [name, absentKey]))
