import type { HopName } from '../model/pull.ts'
import { alsoOverIpv6 } from '../network/destinations.ts'
import { reach } from '../network/reach.ts'
import { type Topology, topologyOf } from '../network/topology.ts'
import type { Destination, Reach, SourceInterface } from '../network/types.ts'
import { ancillaryHop } from './hops/ancillary.ts'
import { type HopAnswer, skipping, undecided } from './hops/hop-answer.ts'
import { type HostHop, type HostReach, hostReach } from './hops/host-reach.ts'
import { networkFix } from './hops/network-fix.ts'
import { hasOwnPort, hostToReach, isOnInternet } from './hops/public-registry.ts'
import { sourceHop } from './hops/source.ts'
import { nameOfWay, type WayWords, wayHop } from './hops/way.ts'
import type { ImageReference } from './image-reference.ts'
import { destinationsOf } from './pull-destinations.ts'
import { remembering } from './remembered.ts'
import type { PullToTrace, TraceWorld } from './trace-types.ts'

/** The hops that depend on the subnet. */
export const subnetHops = [
  'source',
  'dns',
  'ecr-api',
  'ecr-dkr',
  's3-layers',
  'endpoint-policy',
  'security',
  'ancillary',
] as const
/** One of `subnetHops`. */
export type SubnetHop = (typeof subnetHops)[number]

/** What the hops say from one subnet. Policies of endpoints depend on who pulls what and are asked apart. */
export interface SubnetAnswers {
  readonly subnetId: string
  readonly hops: Readonly<Record<Exclude<SubnetHop, 'endpoint-policy'>, HopAnswer>>
  /** The hosts of the pull; empty when none is known. */
  readonly hosts: readonly HostReach[]
}

/** A pull with what all its subnets share. */
export interface SubnetQuestion {
  readonly pull: PullToTrace
  readonly reference: ImageReference
  /** Fargate fetches the token of early platform versions outside the VPC. */
  readonly needsToken: boolean
}

type NetworkAnswers = Pick<SubnetAnswers, 'hosts'> & {
  readonly hops: Readonly<Record<Exclude<SubnetHop, 'source' | 'endpoint-policy' | 'ancillary'>, HopAnswer>>
}

const rememberedNetworks = remembering<NetworkAnswers>()

/** What the hops say of a pull through one interface. */
export function traceSubnet(world: TraceWorld, question: SubnetQuestion, source: SourceInterface): SubnetAnswers {
  const { pull } = question
  const topology = topologyOf(world.inventory)
  const key = `${keyOf(source)}|${networkKeyOf(question)}`
  const network = rememberedNetworks([world.inventory, world.centralEndpoints], key, () =>
    networkAnswers(world, topology, question, source),
  )
  return {
    subnetId: source.subnetId,
    hosts: network.hosts,
    hops: {
      ...network.hops,
      source: sourceHop(topology, pull, source),
      ancillary: ancillaryHop(pull, (destination) => reachFrom(world, topology, source, alsoOverIpv6(destination))),
    },
  }
}

/** Everything about a pull, its interfaces aside, that changes where its requests go or how that is mended. */
export function networkKeyOf({ pull, reference, needsToken }: SubnetQuestion): string {
  const { scope } = pull.workload
  return `${needsToken}|${scope.accountId}|${scope.region}|${hostsKey(reference, scope.region)}`
}

/** Whether an interface gets to the internet; undefined when not known. */
export function reachesInternet(world: TraceWorld, source: SourceInterface): boolean | undefined {
  const host: Destination = {
    kind: 'host',
    host: 'public.ecr.aws',
    region: source.scope.region,
    serviceName: undefined,
  }
  const { verdict } = reachFrom(world, topologyOf(world.inventory), source, host)
  return verdict === 'unknown' ? undefined : verdict === 'reachable'
}

function reachFrom(
  { centralEndpoints }: TraceWorld,
  topology: Topology,
  source: SourceInterface,
  destination: Destination,
): Reach {
  return reach(topology, source, destination, { centralEndpoints })
}

function keyOf({ subnetId, securityGroupIds, hasPublicIp, operatingSystem, usesIpv6 }: SourceInterface): string {
  return `${subnetId}|${securityGroupIds?.join(',') ?? '?'}|${hasPublicIp}|${operatingSystem}|${usesIpv6}`
}

/** Everything about an image that changes where its requests go or how that is mended. */
function hostsKey(reference: ImageReference, home: string): string {
  switch (reference.kind) {
    case 'ecrPrivate':
      return reference.region === home ? reference.host : `${reference.host}|${reference.repository}`
    case 'ecrPublic':
      return `${reference.host}/${reference.alias}/${reference.repository}`
    case 'other':
      return `${reference.host}/${reference.repository}`
    case 'invalid':
      return ''
    default:
      return reference satisfies never
  }
}

function networkAnswers(
  world: TraceWorld,
  topology: Topology,
  question: SubnetQuestion,
  source: SourceInterface,
): NetworkAnswers {
  const { pull, reference, needsToken } = question
  const hosts = destinationsIn(reference, pull, needsToken).map(([hop, destination]) =>
    hostReach(hop, reachFrom(world, topology, source, destination)),
  )
  const fixOf = networkFix(topology, pull, reference, source)
  const answer = (hop: HopName, words: WayWords): HopAnswer => wayHop(hop, hosts, fixOf, words)
  const host = (hop: HostHop): HopAnswer =>
    hosts.some((one) => one.hop === hop) ? answer(hop, hostWords) : unasked(hop, reference)
  const hops = {
    dns: answer('dns', {
      code: 'names-resolve',
      good: () => 'The names of all hosts resolve to addresses that can be used',
    }),
    'ecr-api': host('ecr-api'),
    'ecr-dkr': host('ecr-dkr'),
    's3-layers': host('s3-layers'),
    security: answer('security', {
      code: 'filters-open',
      good: () => 'Security groups and network ACLs let HTTPS through',
    }),
  }
  return { hosts, hops: reference.kind === 'other' ? withoutGuesses(reference, hops) : hops }
}

const hostWords: WayWords = {
  code: 'reachable',
  good: ({ reach: { destination } }, path) => `${destination.host} is reached by ${nameOfWay(path)}`,
}

function destinationsIn(
  reference: ImageReference,
  { workload }: PullToTrace,
  needsToken: boolean,
): readonly (readonly [HostHop, Destination])[] {
  const { region } = workload.scope
  switch (reference.kind) {
    case 'ecrPrivate':
      return destinationsOf([reference], needsToken).map((destination) => [hopOf(destination), destination] as const)
    case 'ecrPublic':
    case 'other':
      return [['ecr-dkr', { kind: 'host', host: hostToReach(reference), region, serviceName: undefined }]]
    case 'invalid':
      return []
    default:
      return reference satisfies never
  }
}

function hopOf({ kind }: Destination): HostHop {
  return kind === 'ecr.api' ? 'ecr-api' : kind === 's3.layers' ? 's3-layers' : 'ecr-dkr'
}

function unasked(hop: HostHop, reference: ImageReference): HopAnswer {
  if (reference.kind === 'ecrPrivate') {
    return skipping(
      'token-outside-vpc',
      'Fargate fetches the token itself, outside the VPC, up to platform version 1.3',
    )
  }
  return hop === 'ecr-api'
    ? skipping('no-ecr-token', 'The registry takes no token of a private registry of ECR')
    : skipping('no-layer-bucket', 'Layers come over the same way as the manifest')
}

/** A registry that is not known to be on the internet may be somewhere in a private network: what blocks the way there proves nothing. */
function withoutGuesses(
  reference: Extract<ImageReference, { kind: 'other' }>,
  hops: NetworkAnswers['hops'],
): NetworkAnswers['hops'] {
  if (isOnInternet(reference)) return hops
  const port = hasOwnPort(reference)
  const { host } = reference
  const open = (answer: HopAnswer): HopAnswer => {
    if (answer.status !== 'fail' && !(port && answer.status === 'pass')) return answer
    const missing = port ? `whether ${host} can be reached on its port` : `where ${host} is`
    return undecided('registry-not-known', `${answer.reason}, but ${missing} is not known`, [missing], answer)
  }
  return { ...hops, dns: open(hops.dns), 'ecr-dkr': open(hops['ecr-dkr']), security: open(hops.security) }
}
