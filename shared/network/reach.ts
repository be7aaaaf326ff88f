import type { Vpc } from '../inventory/network.ts'
import type { CentralEndpoints } from '../model/settings.ts'
import { type JudgedPath, judgedPath } from './judged-path.ts'
import { dns64, type Ipv6Attempt, ipv6Attempt, perhapsOverIpv6 } from './over-ipv6.ts'
import { centralPath, possibleCentralPath, statedFor, statedPath } from './paths/central-endpoint.ts'
import { publicTargetFor } from './paths/destination-targets.ts'
import { missedGateways, takenGateway, throughGateway } from './paths/gateway-endpoint.ts'
import { publicPath } from './paths/internet.ts'
import { placesOfName } from './paths/places-of-name.ts'
import { privateEndpointPaths } from './paths/private-endpoint.ts'
import { type SourceSide, sourceSideOf } from './source-side.ts'
import { type Answer, dependsOn, stops } from './steps/answer.ts'
import { type Resolution, resolutionOf } from './steps/dns.ts'
import { wayTo } from './steps/route.ts'
import type { Topology } from './topology.ts'
import type { Destination, Reach, ReachVerdict, SourceInterface } from './types.ts'

/** What the user states about the network: `settings.network` is one. */
export interface ReachOptions {
  readonly centralEndpoints?: readonly CentralEndpoints[]
}

/** Candidates and the ways that a name or a route takes away. */
interface Candidates {
  readonly paths: readonly JudgedPath[]
  readonly shadowed: readonly string[]
  readonly assumptions: readonly string[]
}

/** Whether an interface reaches a host on TCP 443, by which ways, and what is in the way. Policies are not looked at. */
export function reach(
  topology: Topology,
  source: SourceInterface,
  destination: Destination,
  options: ReachOptions = {},
): Reach {
  const side = sourceSideOf(topology, source)
  if (side === undefined) return answer(destination, lost(`subnet ${source.subnetId}`))
  const { vpc } = side
  if (vpc === undefined) return answer(destination, lost(`VPC ${side.subnet.vpcId}`))
  if (side.version === 6 && !source.usesIpv6) return answer(destination, withoutIpv4(side))
  const stated = statedFor(options.centralEndpoints ?? [], vpc.id, destination)
  return topology.remember(keyOf(side, destination, stated), () => {
    const first = candidatesFrom(side, vpc, destination, stated)
    const attempt = overall(first.paths) === 'blocked' ? ipv6Attempt(side, destination) : undefined
    if (attempt === undefined) return answer(destination, first)
    const second = candidatesFrom(attempt.side, vpc, attempt.destination, stated)
    return answer(destination, eitherVersion(first, second, destination, attempt))
  })
}

/** Where IPv4 gets nowhere, ways over IPv6 that may work leave the answer open. */
function eitherVersion(
  first: Candidates,
  second: Candidates,
  destination: Destination,
  attempt: Ipv6Attempt,
): Candidates {
  const open = second.paths.filter(({ path }) => path.verdict !== 'blocked')
  if (open.length === 0) return first
  const perhaps = open.map((path) => perhapsOverIpv6(path, destination, attempt))
  return { ...first, paths: [...perhaps, ...first.paths] }
}

/** Everything about the source and the settings that can change the answer. */
function keyOf(
  { source, subnet }: SourceSide,
  { host, kind, ipv6Host }: Destination,
  stated: CentralEndpoints | undefined,
): string {
  const groups = source.securityGroupIds === undefined ? '?' : source.securityGroupIds.join(',')
  const traits = `${ipv6Host ?? ''}|${source.hasPublicIp}|${source.operatingSystem}|${source.usesIpv6}`
  const statement = stated === undefined ? '' : `${stated.services.join(',')}|${stated.note}`
  return `reach|${subnet.id}|${groups}|${traits}|${host}|${kind}|${statement}`
}

function lost(what: string): Candidates {
  const step = dependsOn('route', 'source-not-in-inventory', `${what} is not in the inventory`, [what])
  return { paths: [judgedPath('other', what, [step])], shadowed: [], assumptions: [] }
}

/** Fargate, for one, pulls over IPv4 only. */
function withoutIpv4({ subnet }: SourceSide): Candidates {
  const reason = `${subnet.id} has no IPv4 addresses and the client pulls over IPv4 only`
  const fix = `Move the workload from ${subnet.id} to a subnet with IPv4 addresses`
  return {
    paths: [judgedPath('other', subnet.id, [stops('route', 'no-ipv4-address', reason, { fix })])],
    shadowed: [],
    assumptions: [],
  }
}

function candidatesFrom(
  side: SourceSide,
  vpc: Vpc,
  destination: Destination,
  stated: CentralEndpoints | undefined,
): Candidates {
  return candidatesOf(side, destination, resolutionOf(side.topology, vpc, destination), stated)
}

function candidatesOf(
  side: SourceSide,
  destination: Destination,
  resolution: Resolution,
  stated: CentralEndpoints | undefined,
): Candidates {
  const { nowhere, takenAssuming } = resolution
  if (nowhere !== undefined) {
    return { paths: [judgedPath('other', side.subnet.vpcId, [nowhere])], shadowed: [], assumptions: takenAssuming }
  }
  const interfaces = privateEndpointPaths(side, destination, resolution)
  const central = [...resolution.central].map(([id, dns]) => centralPath(side, destination, id, dns, stated))
  if (resolution.publicDns === undefined) {
    const shadowed = shadowedBy(side, destination, resolution.takenBy ?? 'another name')
    return {
      paths: placesOfName(side, destination, [...interfaces, ...central], resolution),
      shadowed,
      assumptions: shadowed.length > 0 ? takenAssuming : [],
    }
  }
  if (stated !== undefined && destination.kind !== 's3.layers') {
    const shadowed = shadowedBy(side, destination, 'the central endpoint of the settings')
    return { paths: [...interfaces, statedPath(side, destination, stated)], shadowed, assumptions: [] }
  }
  const open = publicCandidates(side, destination, resolution.publicDns)
  const paths = [...open.gateways, ...interfaces, ...open.others]
  if (stated !== undefined) paths.push(statedPath(side, destination, stated))
  else paths.push(...possible(side, destination, resolution))
  return {
    paths,
    shadowed: open.shadowed,
    assumptions: stated === undefined ? s3Assumptions(side, destination, resolution) : [],
  }
}

interface PublicCandidates {
  readonly gateways: readonly JudgedPath[]
  readonly others: readonly JudgedPath[]
  readonly shadowed: readonly string[]
}

/** Ways for a name that resolves publicly: a gateway endpoint's route is more specific than the way out. */
function publicCandidates(side: SourceSide, destination: Destination, dns: Answer): PublicCandidates {
  const to = publicTargetFor(side.topology, destination, side.version)
  const way = wayTo(side.topology, side.subnet, to.target)
  const out = (): JudgedPath => publicPath(side, dns64(side, destination, dns), way, to)
  const none = { shadowed: [] }
  if (destination.kind !== 's3.layers' || side.version === 6) return { gateways: [], others: [out()], ...none }
  const taken = takenGateway(side, destination, way)
  if (taken === undefined) return { gateways: missedGateways(side, destination, dns, way), others: [out()], ...none }
  const gateways = [throughGateway(side, destination, dns, taken, to.target)]
  return { gateways, others: [], shadowed: behindGateway(side, destination, taken.id) }
}

/** Ways that nothing known shows and nothing known rules out. */
function possible(side: SourceSide, destination: Destination, resolution: Resolution): readonly JudgedPath[] {
  const paths: JudgedPath[] = []
  const { topology, subnet, vpc } = side
  const unlisted = vpc !== undefined && topology.listed('AWS::EC2::VPCEndpoint', vpc).state === 'unknown'
  if (unlisted && destination.serviceName !== undefined && resolution.mayBeCentral) {
    const missing = `VPC endpoints of ${subnet.vpcId}`
    const reason = `Whether ${subnet.vpcId} has an endpoint for ${destination.host} is not known`
    paths.push(
      judgedPath('privateEndpoint', missing, [dependsOn('endpoint', 'endpoints-not-listed', reason, [missing])]),
    )
  }
  if (destination.host.includes('-fips.')) paths.push(...fipsPaths(side, destination))
  const central = destination.serviceName !== undefined && (destination.kind !== 's3.layers' || !resolution.zonesListed)
  const path = central && resolution.mayBeCentral ? possibleCentralPath(side, destination) : undefined
  return path === undefined ? paths : [...paths, path]
}

/** Layers through a central endpoint are undocumented, so a way nothing known shows is left out, and the answer says so. */
function s3Assumptions(side: SourceSide, destination: Destination, { zonesListed }: Resolution): readonly string[] {
  if (destination.kind !== 's3.layers' || !zonesListed) return []
  if (possibleCentralPath(side, destination) === undefined) return []
  return [`assumes that no hosted zone of another account takes ${destination.host} in ${side.subnet.vpcId}`]
}

/** No PrivateLink service is documented for FIPS registries: probably blocked, but AWS may have added one. */
function fipsPaths({ topology, subnet }: SourceSide, { host, region }: Destination): readonly JudgedPath[] {
  const endpoint = topology
    .endpointsOf(subnet.vpcId)
    .find(({ serviceName }) => serviceName.endsWith(`.${region}.ecr.dkr`))
  if (endpoint === undefined) return []
  const reason = `Whether ${endpoint.id} serves ${host} is not documented`
  return [
    judgedPath('privateEndpoint', endpoint.id, [
      dependsOn('dns', 'fips-over-endpoint', reason, [`private DNS names of ${endpoint.id}`]),
    ]),
  ]
}

/** The ways out that nobody can take because the name leads elsewhere. */
function shadowedBy(side: SourceSide, destination: Destination, by: string): readonly string[] {
  const to = publicTargetFor(side.topology, destination, side.version)
  const way = wayTo(side.topology, side.subnet, to.target)
  if (way.kind !== 'route' || way.route.state === 'blackhole') return []
  const { id } = way.route.target
  return [`${id} (by ${way.table.id}) cannot be used: ${by} takes ${destination.host} for all of ${side.subnet.vpcId}`]
}

function behindGateway(side: SourceSide, { region }: Destination, gatewayId: string): readonly string[] {
  const way = wayTo(side.topology, side.subnet, publicTargetFor(side.topology, internet(region), 4).target)
  if (way.kind !== 'route' || way.route.state === 'blackhole') return []
  return [`${way.route.target.id} (by ${way.table.id}) cannot be used: the route to ${gatewayId} is more specific`]
}

function internet(region: string): Destination {
  return { kind: 'host', host: '', region, serviceName: undefined }
}

function answer(destination: Destination, candidates: Candidates): Reach {
  const { paths, shadowed } = candidates
  const verdict = overall(paths)
  const telling = paths.filter(({ path }) => verdict !== 'reachable' || path.verdict === 'reachable')
  const open = paths.filter(({ path }) => path.verdict === 'unknown')
  return {
    destination,
    verdict,
    paths: paths.map(({ path }) => path),
    shadowed,
    assumptions: [
      ...new Set([
        ...(verdict === 'reachable' ? [] : candidates.assumptions),
        ...telling.flatMap(({ assumptions }) => assumptions),
      ]),
    ],
    missing: verdict === 'unknown' ? [...new Set(open.flatMap(({ missing }) => missing))] : [],
  }
}

function overall(paths: readonly JudgedPath[]): ReachVerdict {
  if (paths.some(({ path }) => path.verdict === 'reachable')) return 'reachable'
  return paths.length > 0 && paths.every(({ path }) => path.verdict === 'blocked') ? 'blocked' : 'unknown'
}
