import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { ecrApi, s3Layers } from '../../../shared/network/destinations.ts'
import type { Destination } from '../../../shared/network/types.ts'
import { endpointPolicyHop } from '../../../shared/pull/hops/endpoint-policy.ts'
import type { HostReach } from '../../../shared/pull/hops/host-reach.ts'
import { imageRepository } from '../../../shared/pull/node-images.ts'
import type { Workload } from '../../../shared/pull/workloads.ts'
import { gatewayEndpoint, home, interfaceEndpoint, policy, role, roleArn } from '../../support/builders.ts'
import { hostBy, registry } from '../host-by.ts'
import { worldOf } from '../pull-world.ts'
import { webWorkload } from '../web-service.ts'

const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

function allow(action: JsonValue, resource: JsonValue = '*', more: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Principal: '*', Action: action, Resource: resource, ...more }
}

const everything = allow('*')
const open = interfaceEndpoint({ id: 'vpce-open', service: 'ecr.dkr', policy: policy(everything) })
const closed = interfaceEndpoint({ id: 'vpce-closed', service: 'ecr.dkr', policy: policy(allow('ecr:PutImage')) })
const bare = interfaceEndpoint({ id: 'vpce-bare', service: 'ecr.dkr', configuration: { policyDocument: {} } })
const asking = interfaceEndpoint({
  id: 'vpce-asking',
  service: 'ecr.dkr',
  policy: policy(allow('*', '*', { Condition: { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/24' } } })),
})
const world = worldOf([role({ name: 'execution' }), open, closed, bare, asking])

const ask = (hosts: readonly HostReach[], more: Partial<Workload> = {}, where = world) =>
  endpointPolicyHop(where, () => ({ ...webWorkload, ...more }), hosts)

describe('policies of endpoints on several ways', () => {
  const allowing = 'endpoint-policies-allow'
  const certain = 'endpoint-policy-without-pull'
  const surelyOpen = ['privateEndpoint', 'vpce-open'] as const
  const perhapsOpen = [...surelyOpen, 'unknown'] as const
  const blockedOpen = [...surelyOpen, 'blocked'] as const
  const perhapsClosed = ['privateEndpoint', 'vpce-closed', 'unknown'] as const
  const blockedClosed = ['privateEndpoint', 'vpce-closed', 'blocked'] as const
  const perhapsFarClosed = ['centralEndpoint', 'vpce-closed', 'unknown'] as const
  const natInto = (id: string) => ['natGateway', 'nat-1', 'reachable', id] as const
  const perhapsNat = ['natGateway', 'nat-1', 'unknown'] as const

  it.each([
    ['pass where every way lets through', [surelyOpen], 'reachable', allowing],
    ['fail where the only way blocks', [['privateEndpoint', 'vpce-closed']], 'reachable', certain],
    ['are open where one of two ways blocks', [perhapsOpen, perhapsClosed], 'unknown', 'way-not-known'],
    ['are open where the other way is no endpoint', [perhapsClosed, perhapsNat], 'unknown', 'way-not-known'],
    ['fail where both ways block', [perhapsClosed, perhapsFarClosed], 'unknown', certain],
    ['leave out ways that are less sure than the answer', [surelyOpen, perhapsClosed], 'reachable', allowing],
    ['leave out ways that are blocked', [perhapsOpen, blockedClosed], 'unknown', allowing],
    ['are asked on the telling way where all are blocked', [blockedClosed, blockedOpen], 'blocked', certain],
    ['fail where NAT leads into an endpoint that blocks', [natInto('vpce-closed')], 'reachable', certain],
    ['pass where NAT leads into an endpoint that lets through', [natInto('vpce-open')], 'reachable', allowing],
    ['are not asked by NAT', [['natGateway', 'nat-1']], 'reachable', 'no-endpoint'],
    ['are not asked by an internet gateway', [['internetGateway', 'igw-1']], 'reachable', 'no-endpoint'],
    ['are not asked where no way is known', [], 'unknown', 'no-endpoint'],
  ] as const)('%s', (_name, ways, verdict, code) => {
    expect(ask([hostBy(ways, verdict)]).code).toBe(code)
  })

  it('tell what is open where it depends on the way', () => {
    const denied = `no statement of the VPC endpoint policies allows`
    expect(ask([hostBy([perhapsOpen, perhapsClosed], 'unknown')])).toEqual({
      status: 'unknown',
      code: 'way-not-known',
      reason: `The policy of vpce-closed does not let role ${roleArn('execution')} do ecr:BatchGetImage on ${app}: ${denied} ecr:BatchGetImage, if the request takes that way`,
      evidence: pull.map((action) => ({
        source: 'policy of vpce-closed',
        detail: `${action} on ${app}: ${denied} ${action}`,
      })),
      assumptions: [],
      missing: [`which way requests for ${registry.host} take`],
    })
  })

  it('are told for every host', () => {
    const two = ask([
      hostBy([['privateEndpoint', 'vpce-open']], 'reachable'),
      hostBy([['privateEndpoint', 'vpce-bare']], 'reachable'),
    ])
    expect(two.evidence).toEqual([
      ...pull.map((action) => ({
        source: 'policy of vpce-open, statement 1',
        detail: `${action} on ${app}: policy of endpoint vpce-open, statement 1 allows it`,
      })),
      { source: 'vpce-bare', detail: 'no policy: everything may pass' },
    ])
  })
})

describe('the policy of an endpoint', () => {
  it('that is not in the inventory is assumed to allow, and said so', () => {
    expect(ask([hostBy([['centralEndpoint', 'vpce-hub']], 'reachable')])).toEqual({
      status: 'pass',
      code: 'endpoint-policy-not-seen',
      reason: 'The policy of vpce-hub is not in the inventory',
      evidence: [],
      assumptions: ['assumes that the policy of vpce-hub lets images be pulled (it is not in the inventory)'],
      missing: [],
    })
  })

  it.each([
    ['tgw-1', 'the endpoint behind the transit gateway tgw-1, whose id is not known,'],
    ['pcx-1', 'the endpoint behind the peering connection pcx-1, whose id is not known,'],
    ['central endpoint', 'the central endpoint, whose id is not known,'],
    ['', 'the central endpoint, whose id is not known,'],
  ])('of which only %j is known is not called the policy of that', (via, words) => {
    expect(ask([hostBy([['centralEndpoint', via]], 'reachable')])).toMatchObject({
      reason: `The policy of ${words} is not in the inventory`,
      assumptions: [`assumes that the policy of ${words} lets images be pulled (it is not in the inventory)`],
    })
  })

  it('that asks for what is not known is open, and the fact is named', () => {
    const answer = ask([hostBy([['privateEndpoint', 'vpce-asking']], 'reachable')])
    expect(answer).toMatchObject({
      status: 'unknown',
      code: 'endpoint-policy-undecided',
      reason: 'Whether the policy of vpce-asking lets the pull through is not known',
      missing: ['condition key aws:VpcSourceIp (policy of endpoint vpce-asking, statement 1)'],
    })
    expect(answer.evidence.map(({ source }) => source)).toEqual(pull.map(() => 'policy of vpce-asking, statement 1'))
  })

  it('that denies proves nothing while nobody knows who pulls', () => {
    const answer = ask([hostBy([['privateEndpoint', 'vpce-closed']], 'reachable')], {
      pullers: unknown<never>('nobody said'),
    })
    expect(answer).toMatchObject({
      status: 'unknown',
      missing: ['the role that pulls for web: nobody said'],
    })
    expect(answer.evidence.length).toBe(2)
  })

  it('that denies one of two roles is open', () => {
    const named = allow(pull, '*', { Principal: { AWS: roleArn('execution') } })
    const endpoint = interfaceEndpoint({ id: 'vpce-named', service: 'ecr.dkr', policy: policy(named) })
    const where = worldOf([role({ name: 'execution' }), role({ name: 'node' }), endpoint])
    const pullers = known([
      { roleName: roleArn('execution'), puller: 'ecsInstanceExecutionRole' as const },
      { roleName: roleArn('node'), puller: 'ecsInstance' as const },
    ])
    const answer = ask([hostBy([['privateEndpoint', 'vpce-named']], 'reachable')], { pullers }, where)
    expect(answer).toMatchObject({ code: 'endpoint-policy-undecided', missing: ['which role pulls for web'] })
    expect(answer.evidence.map(({ detail }) => detail)).toEqual(
      pull.map((action) => `${action} on ${app}: no statement of the VPC endpoint policies allows ${action}`),
    )
  })
})

describe('what mends the policy of an endpoint', () => {
  const fixIn = (
    statements: readonly JsonObject[],
    destination: Destination = registry,
    more: Partial<Workload> = {},
  ) => {
    const isLayers = destination.kind === 's3.layers'
    const build = isLayers ? gatewayEndpoint : interfaceEndpoint
    const service = isLayers ? 's3' : destination.kind
    const where = worldOf([
      role({ name: 'execution' }),
      build({ id: 'vpce-1', service, policy: policy(...statements) }),
    ])
    return ask(
      [hostBy([[isLayers ? 'gatewayEndpoint' : 'privateEndpoint', 'vpce-1']], 'reachable', destination)],
      more,
      where,
    )
  }
  const addition = (statement: JsonObject) => `Add to the policy of vpce-1: ${JSON.stringify(statement)}`
  const deny = (action: JsonValue, resource: JsonValue = '*') => ({ ...allow(action, resource), Effect: 'Deny' })

  it('is a statement with what it lacks', () => {
    expect(fixIn([allow('ecr:BatchGetImage')]).fix).toBe(addition(allow('ecr:GetDownloadUrlForLayer', app)))
    expect(fixIn([allow('ecr:PutImage')]).fix).toBe(addition(allow(pull, app)))
    const images = known([imageRepository(home, 'app'), imageRepository(home, 'api')])
    const api = 'arn:aws:ecr:eu-central-1:111122223333:repository/api'
    expect(fixIn([allow('ecr:PutImage')], registry, { images }).fix).toBe(addition(allow(pull, [app, api])))
    expect(fixIn([allow('ecr:PutImage')], ecrApi(home.region)).fix).toBe(addition(allow('ecr:GetAuthorizationToken')))
  })

  it('is told once of all who may fetch the layers', () => {
    const { evidence } = fixIn([allow('s3:PutObject')], s3Layers(home.region))
    expect(evidence).toEqual([
      {
        source: 'policy of vpce-1',
        detail:
          's3:GetObject on arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/0000/layer: no statement of the VPC endpoint policies allows s3:GetObject',
      },
    ])
  })

  it('names every layer of the region, in its partition', () => {
    const layers = fixIn([allow('s3:PutObject')], s3Layers(home.region))
    expect(layers.code).toBe('endpoint-policy-without-layers')
    expect(layers.fix).toBe(addition(allow('s3:GetObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*')))
    expect(layers.reason).toContain('The policy of vpce-1 does not let ECR do s3:GetObject on arn:aws:s3:::')
    expect(fixIn([allow('s3:PutObject')], s3Layers('cn-north-1')).fix).toBe(
      addition(allow('s3:GetObject', 'arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*')),
    )
  })

  it('is the removal of each statement that denies', () => {
    expect(fixIn([everything, deny(pull)])).toMatchObject({
      code: 'endpoint-policy-denies',
      fix: 'Remove or narrow statement 2 of the policy of vpce-1: it denies ecr:BatchGetImage and ecr:GetDownloadUrlForLayer',
    })
    expect(fixIn([everything, deny(pull[0]!), deny(pull[1]!)]).fix).toBe(
      'Remove or narrow statement 2 and 3 of the policy of vpce-1: it denies ecr:BatchGetImage and ecr:GetDownloadUrlForLayer',
    )
  })

  it('is both where one action is denied and another only lacks', () => {
    const both = fixIn([allow('ecr:PutImage'), deny('ecr:GetDownloadUrlForLayer')])
    expect(both).toMatchObject({
      code: 'endpoint-policy-denies',
      fix: `Remove or narrow statement 2 of the policy of vpce-1: it denies ecr:GetDownloadUrlForLayer; ${addition(allow('ecr:BatchGetImage', app))}`,
    })
  })
})
