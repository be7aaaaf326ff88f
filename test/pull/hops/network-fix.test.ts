import { describe, expect, it } from 'vitest'
import { ecrDkr, s3Layers } from '../../../shared/network/destinations.ts'
import { topologyOf } from '../../../shared/network/topology.ts'
import type { Destination, ReachPath, ReachStep, SourceInterface } from '../../../shared/network/types.ts'
import { type HostReach, hostReach } from '../../../shared/pull/hops/host-reach.ts'
import { networkFix } from '../../../shared/pull/hops/network-fix.ts'
import { hasOwnPort, hostToReach } from '../../../shared/pull/hops/public-registry.ts'
import { sourceHop } from '../../../shared/pull/hops/source.ts'
import { parseImageReference } from '../../../shared/pull/image-reference.ts'
import type { Workload } from '../../../shared/pull/workloads.ts'
import {
  type EstatePart,
  home,
  imageUri,
  internetGateway,
  inventoryOf,
  notListed,
  privateVpc,
  route,
  routeTable,
} from '../../support/builders.ts'
import { pullOf } from '../web-service.ts'

const source: SourceInterface = {
  scope: home,
  subnetId: 'subnet-1',
  securityGroupIds: ['sg-1', 'sg-2'],
  hasPublicIp: false,
  usesIpv6: false,
}

const pullFrom = (compute?: Workload['compute']) => pullOf(compute, { interfaces: [source] })
const topologyWith = (...parts: readonly EstatePart[]) => topologyOf(inventoryOf(parts))
const vpc = topologyWith(...privateVpc())

function stepOf(step: ReachStep['step'], fix?: string): ReachStep {
  const blocked = { step, verdict: 'blocked', code: 'code', reason: 'reason', evidence: [] } as const
  return fix === undefined ? blocked : { ...blocked, fix }
}

function hostOf(
  hop: HostReach['hop'],
  step: ReachStep,
  kind: ReachPath['kind'] = 'natGateway',
  destination: Destination = ecrDkr(home.region),
): HostReach {
  const path = { kind, via: 'x', verdict: 'blocked', steps: [step], decidedBy: step } as const
  return hostReach(hop, { destination, verdict: 'blocked', paths: [path], shadowed: [], assumptions: [], missing: [] })
}

const fixOf = (image: string, host: HostReach, step: ReachStep, topology = vpc, from = source) =>
  networkFix(topology, pullFrom(), parseImageReference(image), from)(host, step)

describe('what mends a step of the way', () => {
  it('is its own change, else that of the way', () => {
    const step = stepOf('route', 'Mend the route')
    expect(fixOf(imageUri(), hostOf('ecr-dkr', step), step)).toBe('Mend the route')
    const other = stepOf('nat', 'Mend the gateway')
    expect(fixOf(imageUri(), hostOf('ecr-dkr', other), stepOf('route'))).toBe('Mend the gateway')
    expect(fixOf(imageUri(), hostOf('ecr-dkr', other), step)).toBe('Mend the route')
  })

  it('is a copy of the image where nothing else is and it lies in another region', () => {
    const bare = stepOf('route')
    const far = imageUri('app:1', { region: 'us-east-1' })
    expect(fixOf(far, hostOf('ecr-dkr', bare), bare)).toBe('Replicate app to eu-central-1 and pull it from there')
    expect(fixOf(imageUri(), hostOf('ecr-dkr', bare), bare)).toBeUndefined()
    const step = stepOf('route', 'Mend the route')
    expect(fixOf(far, hostOf('ecr-dkr', step), step)).toBe('Mend the route')
  })

  it.each([
    ['sourceSecurityGroup', true],
    ['targetSecurityGroup', true],
    ['sourceNetworkAcl', true],
    ['targetNetworkAcl', true],
    ['route', false],
    ['nat', false],
  ] as const)('of a public registry at %s is the filter itself: %s', (name, isFilter) => {
    const step = stepOf(name, 'Open it')
    const fix = fixOf('ghcr.io/team/app:1', hostOf('ecr-dkr', step), step)
    if (isFilter) expect(fix).toBe('Open it')
    else expect(fix).toMatch(/^Create a pull-through cache rule github for ghcr\.io in eu-central-1 with credentials/)
  })

  it('is a gateway endpoint for layers, whatever the interface endpoint lacks', () => {
    const step = stepOf('dns', 'Turn on private DNS')
    const host = hostOf('s3-layers', step, 'privateEndpoint', s3Layers(home.region))
    const service = 'com.amazonaws.eu-central-1.s3'
    expect(fixOf(imageUri(), host, step)).toBe(
      `Create a gateway endpoint for ${service} and associate route table rtb-1 with it`,
    )
    const unlisted = topologyWith(...privateVpc({ without: ['rtb-1'], with: [notListed('AWS::EC2::RouteTable')] }))
    expect(fixOf(imageUri(), host, step, unlisted)).toBe(
      `Create a gateway endpoint for ${service} and associate the route table of subnet-1 with it`,
    )
    expect(fixOf(imageUri(), host, step, vpc, { ...source, subnetId: 'subnet-lost' })).toBe(
      `Create a gateway endpoint for ${service} and associate the route table of subnet-lost with it`,
    )
    const byNat = hostOf('s3-layers', step, 'natGateway', s3Layers(home.region))
    expect(fixOf(imageUri(), byNat, step)).toBe('Turn on private DNS')
  })
})

describe('a registry of others', () => {
  const referenceOf = (image: string) => {
    const reference = parseImageReference(image)
    if (reference.kind !== 'other') throw new Error(image)
    return reference
  }

  it.each([
    ['nginx', 'registry-1.docker.io', false],
    ['ghcr.io/team/app', 'ghcr.io', false],
    ['registry.example.com:5000/app', 'registry.example.com', true],
    ['registry.example.com:443/app', 'registry.example.com', false],
    ['registry.example.com:4433/app', 'registry.example.com', true],
  ])('of %s is asked at %s, on a port of its own: %s', (image, host, own) => {
    const reference = referenceOf(image)
    expect([hostToReach(reference), hasOwnPort(reference)]).toEqual([host, own])
  })
})

describe('the interface that pulls', () => {
  const out = (state: string) =>
    topologyWith(
      ...privateVpc({
        without: ['rtb-1'],
        with: [
          routeTable({ id: 'rtb-out', main: true, routes: [{ ...route('0.0.0.0/0', 'igw-1'), state }] }),
          internetGateway(),
        ],
      }),
    )

  it.each([
    ['fargateTask', 'The network interface of the task pulls'],
    ['containerInstance', 'The primary network interface of the instance pulls'],
    ['node', 'The primary network interface of the node pulls'],
    ['fargatePod', 'The network interface of the pod pulls'],
  ] as const)('of %s is told with its groups', (compute, reason) => {
    const { evidence, ...answer } = sourceHop(vpc, pullFrom(compute), source)
    expect(answer).toMatchObject({ status: 'pass', code: 'source-known', reason })
    expect(evidence[0]?.source).toBe('subnet subnet-1')
    expect(evidence[0]?.detail).toMatch(/ with sg-1, sg-2$/)
    const unknown = sourceHop(vpc, pullFrom(compute), { ...source, securityGroupIds: undefined })
    expect(unknown.evidence[0]?.detail).toMatch(/ with security groups that are not known$/)
  })

  it('of a pod may not lie where a working route leads to an internet gateway', () => {
    expect(sourceHop(out('active'), pullFrom('fargatePod'), source)).toMatchObject({
      status: 'fail',
      code: 'fargate-pod-in-public-subnet',
      evidence: [{ source: 'subnet subnet-1' }, { source: 'route table rtb-out', detail: 'route to igw-1' }],
    })
    expect(sourceHop(out('blackhole'), pullFrom('fargatePod'), source).status).toBe('pass')
    expect(sourceHop(out('active'), pullFrom('node'), source).status).toBe('pass')
  })

  it('of a pod may lie where the route table is not known', () => {
    const unlisted = topologyWith(...privateVpc({ without: ['rtb-1'], with: [notListed('AWS::EC2::RouteTable')] }))
    expect(sourceHop(unlisted, pullFrom('fargatePod'), source).status).toBe('pass')
  })
})
