import { describe, expect, it } from 'vitest'
import { wayOf } from '../../shared/events/concerns.ts'
import { parseResourceEvent } from '../../shared/events/resource-event.ts'
import { rules } from '../../shared/rules/index.ts'
import { callEvent, scanEvent } from '../lambdas/resource-change/scenario.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const hints = (event: unknown) => {
  const parsed = parseResourceEvent(event, now)
  return parsed.kind === 'change' ? parsed.change.hints.map(({ type, name }) => [type, name]) : parsed.reason
}
const endpoint = 'AWS::EC2::VPCEndpoint'
const vpcIs = (name: string) => [['AWS::EC2::VPC', name]]

describe('the names in a record', () => {
  it.each([
    ['one wrapped in a tag', { tag: 1, content: 'vpce-1' }, [[endpoint, 'vpce-1']]],
    [
      'several in a list',
      [
        { tag: 1, content: 'vpce-1' },
        { tag: 2, content: 'vpce-2' },
      ],
      [
        [endpoint, 'vpce-1'],
        [endpoint, 'vpce-2'],
      ],
    ],
    ['items', { items: ['vpce-1', 'vpce-1'] }, [[endpoint, 'vpce-1']]],
    ['plain text', 'vpce-1', [[endpoint, 'vpce-1']]],
    ['nothing', null, []],
    ['something else', 7, []],
  ])('are found as %s', (_what, VpcEndpointId, expected) => {
    const request = { DeleteVpcEndpointsRequest: { VpcEndpointId } }
    expect(hints(callEvent('ec2', 'DeleteVpcEndpoints', request))).toEqual(expected)
  })

  it.each([
    [
      'CreateVpcEndpoint',
      { CreateVpcEndpointRequest: { VpcId: 'vpc-1' } },
      { CreateVpcEndpointResponse: { vpcEndpoint: { vpcEndpointId: 'vpce-1' } } },
      vpcIs('vpc-1'),
    ],
    [
      'CreateNatGateway',
      { CreateNatGatewayRequest: { SubnetId: 'subnet-1' } },
      { CreateNatGatewayResponse: { natGateway: { vpcId: 'vpc-2' } } },
      vpcIs('vpc-2'),
    ],
    ['CreateVpc', { cidrBlock: '10.0.0.0/16' }, { vpc: { vpcId: 'vpc-3' } }, vpcIs('vpc-3')],
    [
      'AssociateRouteTable',
      { routeTableId: 'rtb-1', subnetId: 'subnet-1' },
      { associationId: 'rtbassoc-1' },
      [
        ['AWS::EC2::RouteTable', 'rtb-1'],
        ['AWS::EC2::Subnet', 'subnet-1'],
      ],
    ],
  ])('of %s lead to the VPC the shortest way', (name, request, response, expected) => {
    expect(hints(callEvent('ec2', name, request, { response }))).toEqual(expected)
  })

  it('of more than fifty resources are left to AWS Config', () => {
    const VpcEndpointId = Array.from({ length: 51 }, (_, index) => `vpce-${index}`)
    expect(hints(callEvent('ec2', 'DeleteVpcEndpoints', { VpcEndpointId }))).toEqual([])
    expect(hints(callEvent('ec2', 'DeleteVpcEndpoints', { VpcEndpointId: VpcEndpointId.slice(1) }))).toHaveLength(50)
  })

  it('of a cluster and its part make one name, and either alone makes none', () => {
    const type = 'AWS::EKS::FargateProfile'
    const create = (request: object) => hints(callEvent('eks', 'CreateFargateProfile', request))
    expect(create({ name: 'main', fargateProfileName: 'serverless' })).toEqual([[type, 'main|serverless']])
    expect(create({ clusterName: 'main', fargateProfileName: 'serverless' })).toEqual([[type, 'main|serverless']])
    expect(create({ name: 'main' })).toEqual([])
  })

  it('are never inherited ones', () => {
    expect(
      hints(callEvent('ecr', 'SetRepositoryPolicy', JSON.parse('{"__proto__":{"repositoryName":"app"}}'))),
    ).toEqual([])
    expect(hints(callEvent('ecr', 'toString', { repositoryName: 'app' }))).toBe(
      'the call changes nothing that is judged at once',
    )
  })
})

describe('the end of a scan', () => {
  it('names a repository, by its ARN or without', () => {
    const repository = [['AWS::ECR::Repository', 'team/app']]
    expect(hints(scanEvent('team/app'))).toEqual(repository)
    expect(hints(scanEvent('arn:aws:ecr:eu-central-1:111122223333:repository/team/app'))).toEqual(repository)
  })

  it.each([
    'arn:aws:ecr:eu-central-1:999999999999:repository/app',
    'arn:aws:ecr:us-east-1:111122223333:repository/app',
  ])('of %s is ignored, and the reason is said', (arn) => {
    expect(hints(scanEvent(arn))).toBe('the scan is of a repository of another account or region')
  })
})

describe('which rules a change concerns', () => {
  const concerned = (event: unknown) => {
    const parsed = parseResourceEvent(event, now)
    if (parsed.kind === 'ignored') return []
    const { change } = parsed
    return rules.flatMap((rule) =>
      change.hints.flatMap(({ type }) => wayOf(rule, change, type) ?? []).map((way) => [rule.id, way]),
    )
  }

  it('is a scan: the rule on its findings only', () => {
    expect(concerned(scanEvent('app'))).toEqual([['image-free-of-critical-findings', 'services']])
  })

  it('is a new tag setting: rules on the repository and on pinned images', () => {
    const found = concerned(callEvent('ecr', 'PutImageTagMutability', { repositoryName: 'app' }))
    expect(found).toContainEqual(['ecr-repository-tags-immutable', 'itself'])
    expect(found).toContainEqual(['image-pinned-by-digest', 'services'])
    expect(found.map(([id]) => id)).not.toContain('image-free-of-critical-findings')
  })

  it('is a policy: rules on roles that look at policies, by the roles that hold it', () => {
    const policyArn = 'arn:aws:iam::111122223333:policy/team/pull'
    const event = callEvent('iam', 'SetDefaultPolicyVersion', { policyArn, versionId: 'v2' })
    expect(hints(event)).toEqual([['AWS::IAM::Policy', policyArn]])
    const onRoles = rules.filter(
      ({ judges, reads }) => judges === 'AWS::IAM::Role' && reads.includes('AWS::IAM::Policy'),
    )
    expect(onRoles.length).toBeGreaterThan(3)
    expect(concerned(event)).toEqual(onRoles.map(({ id }) => [id, 'roles']))
  })

  it('is an association that is gone: every rule on VPCs, for all VPCs', () => {
    const event = callEvent('ec2', 'DisassociateRouteTable', { associationId: 'rtbassoc-1' })
    expect(hints(event)).toEqual([['AWS::::Account', '111122223333']])
    expect(concerned(event)).toEqual(rules.filter(({ area }) => area === 'vpc').map(({ id }) => [id, 'vpcs']))
  })

  it('is a creation template: the rule on cache rules', () => {
    const event = callEvent('ecr', 'DeleteRepositoryCreationTemplate', { prefix: 'ROOT' })
    expect(concerned(event)).toEqual([['ecr-pull-through-cache-restricted', 'registry']])
  })

  it('is a route: every rule on VPCs, and no rule that follows an image the whole way', () => {
    const found = concerned(callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-1' }))
    expect(new Set(found.map(([, way]) => way))).toEqual(new Set(['vpc']))
    expect(found.map(([id]) => id)).toEqual(rules.filter(({ area }) => area === 'vpc').map(({ id }) => id))
  })
})
