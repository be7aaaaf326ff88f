import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { ecrApi, ecrDkr, s3Layers } from '../../shared/network/destinations.ts'
import type { Destination } from '../../shared/network/types.ts'
import { type FullAccess, fullAccessOf } from '../../shared/pull/endpoint-full-access.ts'
import { gatewayEndpoint, home, interfaceEndpoint, inventoryOf, policy } from '../support/builders.ts'

const hosts = {
  'ecr.api': ecrApi(home.region),
  'ecr.dkr': ecrDkr(home.region, home.accountId),
  s3: s3Layers(home.region),
} as const
type Service = keyof typeof hosts

function accessTo(
  service: Service,
  statement: JsonObject | undefined,
  destination: Destination = hosts[service],
): FullAccess {
  const builder = service === 's3' ? gatewayEndpoint : interfaceEndpoint
  const none = { configuration: { policyDocument: {} } }
  const endpoint = builder({ service, ...(statement === undefined ? none : { policy: policy(statement) }) })
  const [view] = inventoryOf([endpoint]).network.vpcEndpoints
  return fullAccessOf(view!, destination)
}

const allow = (more: JsonObject = {}) => ({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...more })
const under = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } })
const services = ['ecr.api', 'ecr.dkr', 's3'] as const

describe.each(services)('an endpoint of %s', (service) => {
  test('without a policy lets everything pass', () => {
    expect(accessTo(service, undefined)).toEqual({ status: 'full', decision: undefined })
  })

  test('whose policy allows everything lets everything pass', () => {
    const { status, decision } = accessTo(service, allow())
    expect([status, decision?.decision]).toEqual(['full', 'allowed'])
  })

  test.each([
    ['the own account as who asks', { Principal: { AWS: home.accountId } }],
    ['the account of who asks', under('StringEquals', 'aws:PrincipalAccount', home.accountId)],
    ['the account of the resource', under('StringEquals', 'aws:ResourceAccount', home.accountId)],
    ['the organization of who asks', under('StringEquals', 'aws:PrincipalOrgID', 'o-exampleorg1')],
    ['the organization of the resource', under('StringEquals', 'aws:ResourceOrgID', 'o-exampleorg1')],
    [
      'a unit of the organization of who asks',
      under('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-exampleorg1/r-ab12/*'),
    ],
    [
      'a unit of the organization of the resource',
      under('ForAnyValue:StringLike', 'aws:ResourceOrgPaths', 'o-exampleorg1/r-ab12/*'),
    ],
    ['services of AWS as who asks', under('Bool', 'aws:PrincipalIsAWSService', 'true')],
    ['one name of who asks', under('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*')],
    ['resources of the own account', { Resource: `arn:aws:*:*:${home.accountId}:*` }],
    ['actions that read', { Action: ['ecr:Get*', 'ecr:BatchGet*', 's3:GetObject'] }],
  ] as const)('whose policy allows %s alone is restricted', (_what, more) => {
    const { status, decision } = accessTo(service, allow(more))
    expect([status, decision?.decision]).toEqual(['restricted', 'implicitlyDenied'])
  })

  test('whose policy asks for what nobody can know is open', () => {
    const { status, decision } = accessTo(service, allow(under('StringEquals', 'aws:PrincipalTag/team', 'blue')))
    expect([status, decision?.decision]).toEqual(['unknown', 'unknown'])
  })

  test('whose condition its own VPC meets lets everything pass', () => {
    expect(accessTo(service, allow(under('StringEquals', 'aws:SourceVpc', 'vpc-1'))).status).toBe('full')
    expect(accessTo(service, allow(under('StringEquals', 'aws:SourceVpc', 'vpc-2'))).status).toBe('restricted')
  })
})

describe('what a stranger is taken to do', () => {
  test.each([
    ['ecr.api', 'ecr:SetRepositoryPolicy'],
    ['ecr.dkr', 'ecr:PutImage'],
    ['s3', 's3:PutObject'],
  ] as const)('through %s is %s', (service, action) => {
    expect(accessTo(service, allow({ Action: action })).status).toBe('full')
    for (const other of ['ecr:SetRepositoryPolicy', 'ecr:PutImage', 's3:PutObject'].filter((one) => one !== action)) {
      expect(accessTo(service, allow({ Action: other })).status).toBe('restricted')
    }
  })

  test('concerns a repository of the region, or any bucket, of a stranger', () => {
    const stranger = 'arn:aws:ecr:eu-central-1:000000000000:repository/*'
    expect(accessTo('ecr.dkr', allow({ Resource: stranger })).status).toBe('full')
    expect(accessTo('s3', allow({ Resource: stranger })).status).toBe('restricted')
    expect(accessTo('s3', allow({ Resource: 'arn:aws:s3:::*/object' })).status).toBe('full')
    expect(accessTo('ecr.api', allow({ Resource: 'arn:aws:s3:::*' })).status).toBe('restricted')
    expect(accessTo('s3', allow(under('StringEquals', 's3:ResourceAccount', home.accountId))).status).toBe('restricted')
  })

  test('lies in the partition of the region', () => {
    const china = accessTo('ecr.dkr', allow({ Resource: 'arn:aws-cn:ecr:cn-north-1:*' }), ecrDkr('cn-north-1'))
    expect(china.status).toBe('full')
  })
})

test('the answer for one destination is not that for another of the same endpoint', () => {
  const onlyPush = interfaceEndpoint({ service: 'ecr.dkr', policy: policy(allow({ Action: 'ecr:PutImage' })) })
  const [view] = inventoryOf([onlyPush]).network.vpcEndpoints
  expect(fullAccessOf(view!, hosts['ecr.dkr']).status).toBe('full')
  expect(fullAccessOf(view!, hosts['ecr.api']).status).toBe('restricted')
  expect(fullAccessOf(view!, hosts['ecr.dkr'])).toBe(fullAccessOf(view!, hosts['ecr.dkr']))
})
