import { describe, expect, it } from 'vitest'
import { withEndpointPolicies } from '../../../cli/reach/endpoint-policies.ts'
import { organizationOf } from '../../../shared/engine/organization.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { ecrApi, ecrDkr, s3Layers, service } from '../../../shared/network/destinations.ts'
import type { Destination, Reach, ReachPath, ReachStep, ReachVerdict } from '../../../shared/network/types.ts'
import { imageWorkloads } from '../../../shared/pull/workloads.ts'
import {
  ecsCluster,
  ecsService,
  gatewayEndpoint,
  home,
  interfaceEndpoint,
  inventoryOf,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  taskDefinition,
} from '../../support/builders.ts'

const { region } = home

function allow(changes: JsonObject): JsonObject {
  return policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...changes })
}

/** A path that packets take, before anybody looked at policies. */
function way(destination: Destination, via: string, verdict: ReachVerdict = 'reachable'): Reach {
  const decidedBy: ReachStep = { step: 'route', verdict, code: 'code', reason: 'reason', evidence: [] }
  const kind = via === 'vpce-s3' ? 'gatewayEndpoint' : via.startsWith('nat-') ? 'natGateway' : 'privateEndpoint'
  const path: ReachPath = { kind, via, verdict, steps: [decidedBy], decidedBy }
  return { destination, verdict, paths: [path], shadowed: [], assumptions: [], missing: [] }
}

/** What the policies of these endpoints make of a path of the service `web`, whose role `app` pulls `app`. */
function judged(reach: Reach, policies: { readonly dkr?: JsonObject; readonly s3?: JsonObject } = {}): Reach {
  const endpoints = [
    ...(policies.dkr === undefined ? [] : [interfaceEndpoint({ service: 'ecr.dkr', policy: policies.dkr })]),
    ...(policies.s3 === undefined ? [] : [gatewayEndpoint({ policy: policies.s3 })]),
  ]
  const inventory = inventoryOf([
    ...privateVpc({ with: endpoints }),
    role({ name: 'app' }),
    repository(),
    ecsCluster(),
    taskDefinition({ executionRole: roleArn('app') }),
    ecsService(),
  ])
  const workloads = imageWorkloads(inventory)
  expect(workloads).toHaveLength(1)
  const organization = organizationOf(inventory, defaultSettings)
  return withEndpointPolicies(reach, workloads, { inventory, organization })
}

describe('the policy of an endpoint on the way', () => {
  it('of S3 has a say behind a NAT gateway, too', () => {
    const behind = (through: string | undefined) => {
      const plain = way(s3Layers(region), 'nat-1')
      return { ...plain, paths: plain.paths.map((path) => (through === undefined ? path : { ...path, through })) }
    }
    const policies = { s3: allow({ Action: 's3:PutObject' }) }
    expect(judged(behind('vpce-s3'), policies).verdict).toBe('blocked')
    expect(judged(behind(undefined), policies).verdict).toBe('reachable')
  })

  it('that refuses settles an open way: nothing is missing any more', () => {
    const open = {
      ...way(ecrDkr(region, home.accountId), 'vpce-ecr-dkr', 'unknown'),
      missing: ['state of vpce-ecr-dkr'],
    }
    const { verdict, missing } = judged(open, { dkr: allow({ Action: 'ecr:DescribeImages' }) })
    expect({ verdict, missing }).toEqual({ verdict: 'blocked', missing: [] })
  })

  it('is the last step, and full access changes nothing', () => {
    const { verdict, paths } = judged(way(ecrApi(region), 'vpce-ecr-api'))
    expect(verdict).toBe('reachable')
    expect(paths[0]!.steps.map(({ step, code }) => [step, code])).toEqual([
      ['route', 'code'],
      ['policy', 'policy-allows'],
    ])
  })

  it('blocks a path when it leaves the repository out, and says what to allow', () => {
    const dkr = allow({ Resource: `arn:aws:ecr:${region}:${home.accountId}:repository/other` })
    const { verdict, paths } = judged(way(ecrDkr(region), 'vpce-ecr-dkr'), { dkr })
    expect(verdict).toBe('blocked')
    expect(paths[0]).toMatchObject({ verdict: 'blocked', decidedBy: { step: 'policy', code: 'policy-denies' } })
    expect(paths[0]!.decidedBy.fix).toBe(
      `Allow ecr:BatchGetImage on arn:aws:ecr:${region}:${home.accountId}:repository/app for ${roleArn('app')} in the policy of vpce-ecr-dkr`,
    )
  })

  it('blocks the layers when it knows other buckets only', () => {
    const s3 = allow({ Resource: 'arn:aws:s3:::own/*' })
    const { verdict, paths } = judged(way(s3Layers(region), 'vpce-s3'), { s3 })
    expect(verdict).toBe('blocked')
    expect(paths[0]!.decidedBy.fix).toBe(
      `Allow s3:GetObject on arn:aws:s3:::prod-${region}-starport-layer-bucket/* for everyone ("Principal": "*") in the policy of vpce-s3`,
    )
  })

  it('leaves the answer open when a condition cannot be told, naming it', () => {
    const s3 = allow({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } })
    const { verdict, missing } = judged(way(s3Layers(region), 'vpce-s3'), { s3 })
    expect(verdict).toBe('unknown')
    expect(missing.join()).toMatch(/aws:principaltag\/team/i)
  })

  it('has no say in another bucket or service, at a NAT gateway, or where packets do not get to', () => {
    const s3 = allow({ Resource: 'arn:aws:s3:::own/*' })
    const bucket = { ...s3Layers(region), host: `own.s3.${region}.amazonaws.com` }
    const untouched = [
      way(bucket, 'vpce-s3'),
      way(service('logs', region), 'vpce-ecr-dkr'),
      way(s3Layers(region), 'nat-1'),
      way(s3Layers(region), 'vpce-s3', 'blocked'),
    ]
    for (const reach of untouched) expect(judged(reach, { s3, dkr: s3 })).toEqual(reach)
  })
})
