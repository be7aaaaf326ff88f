import { describe, expect, test } from 'vitest'
import { absentKey, present, unknownKey } from '../../shared/iam/conditions/context.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { ecrApi, ecrDkr, s3Layers, service } from '../../shared/network/destinations.ts'
import type { Destination } from '../../shared/network/types.ts'
import { type EndpointDemands, endpointDemands } from '../../shared/pull/endpoint-requests.ts'
import { imageRepository } from '../../shared/pull/node-images.ts'
import type { PullWorld } from '../../shared/pull/types.ts'
import type { Workload } from '../../shared/pull/workloads.ts'
import {
  type EstatePart,
  elsewhere,
  gatewayEndpoint,
  home,
  interfaceEndpoint,
  notListed,
  policy,
  repository,
  role,
  roleArn,
} from '../support/builders.ts'
import { registry } from './host-by.ts'
import { worldOf } from './pull-world.ts'
import { webWorkload } from './web-service.ts'

const execution = { roleName: roleArn('execution'), puller: 'fargateTask' } as const
const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const probe = 'arn:aws:ecr:eu-central-1:111122223333:repository/zz7q-probe'

function demandsIn(world: PullWorld, destination: Destination, more: Partial<Workload> = {}): EndpointDemands {
  const [endpoint] = world.inventory.network.vpcEndpoints
  return endpointDemands(world, endpoint!, { ...webWorkload, ...more }, destination)
}

function demands(destination: Destination, more: Partial<Workload> = {}, ...parts: readonly EstatePart[]) {
  return demandsIn(worldOf([role({ name: 'execution' }), interfaceEndpoint(), ...parts]), destination, more)
}

const asked = ({ alternatives }: EndpointDemands) =>
  alternatives.map((requests) => requests.map(({ request }) => `${request.action} ${request.resource.arn}`))
const pullOf = (...arns: readonly string[]) =>
  arns.flatMap((arn) => [`ecr:BatchGetImage ${arn}`, `ecr:GetDownloadUrlForLayer ${arn}`])

describe('what a pull asks of an endpoint', () => {
  test('of the token is the token, for each role that may pull', () => {
    const pullers = known([execution, { roleName: 'node', puller: 'ecsInstance' as const }])
    const answer = demands(ecrApi(home.region), { pullers })
    expect(asked(answer)).toEqual([['ecr:GetAuthorizationToken *'], ['ecr:GetAuthorizationToken *']])
    expect(answer).toMatchObject({ needs: 'every', question: 'which role pulls for web' })
    expect(answer.alternatives.map(([first]) => first?.request.resource.accountId)).toEqual([
      home.accountId,
      home.accountId,
    ])
    expect(answer).not.toHaveProperty('unsureWhenDenied')
  })

  test('of the registry are both actions on each image it holds', () => {
    const images = known([
      imageRepository(home, 'app'),
      imageRepository({ ...home, region: 'eu-west-1' }, 'far'),
      imageRepository({ ...home, accountId: '444455556666' }, 'foreign'),
    ])
    expect(asked(demands(registry, { images }))).toEqual([pullOf(app)])
    expect(asked(demands(ecrDkr('eu-west-1', home.accountId), { images }))).toEqual([
      pullOf('arn:aws:ecr:eu-west-1:111122223333:repository/far'),
    ])
    expect(asked(demands(ecrDkr(home.region, '444455556666'), { images }))).toEqual([
      pullOf('arn:aws:ecr:eu-central-1:444455556666:repository/foreign'),
    ])
  })

  test('of a node whose images are not known are the add-ons of AWS', () => {
    const images = unknown<never>('nobody said')
    expect(asked(demands(registry, { images, compute: 'node' }))[0]?.[0]).toBe(
      'ecr:BatchGetImage arn:aws:ecr:eu-central-1:602401143452:repository/amazon-k8s-cni',
    )
  })

  test.each(['service', 'host'] as const)('of another %s is nothing', (kind) => {
    const destination = { ...service('logs', home.region), kind }
    expect(demands(destination)).toEqual({ alternatives: [], needs: 'every', question: '' })
  })

  test('of layers is an object of the bucket of the region, asked by ECR', () => {
    const answer = demands(s3Layers('cn-north-1'))
    expect(answer).toMatchObject({ needs: 'every', question: 'the account of AWS from which ECR fetches layers' })
    expect(new Set(asked(answer).flat())).toEqual(
      new Set(['s3:GetObject arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/0000/layer']),
    )
  })
})

describe('a pull by nobody who is known', () => {
  test.each([
    [unknown<never>('the instances are not there'), 'the role that pulls for web: the instances are not there'],
    [absent<never>(), 'the role that pulls for web: it names no role'],
  ])('is asked for a role nobody named, and a denial proves nothing', (pullers, unsureWhenDenied) => {
    const answer = demands(registry, { pullers })
    expect(asked(answer)).toEqual([pullOf(app)])
    expect(answer.unsureWhenDenied).toBe(unsureWhenDenied)
    expect(answer.alternatives[0]?.[0]?.request.principal).toEqual({
      kind: 'role',
      arn: roleArn('unknown'),
      accountId: home.accountId,
    })
  })
})

describe('a pull of images nobody knows', () => {
  const images = unknown<never>('nobody said')

  test('asks about each repository of the region, and about one that does not exist', () => {
    const far = elsewhere(repository({ name: 'far' }), { region: 'eu-west-1' })
    const answer = demands(registry, { images }, repository(), far)
    expect(asked(answer)).toEqual([pullOf(probe), pullOf(app)])
    expect(answer).toMatchObject({ needs: 'some', question: 'the images of web' })
    expect(answer).not.toHaveProperty('unsureWhenDenied')
  })

  test('is unsure when denied without any repository, or when they were not listed', () => {
    const unsure = 'the images of web are not in the inventory'
    expect(demands(registry, { images }).unsureWhenDenied).toBe(unsure)
    const unlisted = demands(registry, { images }, repository(), notListed('AWS::ECR::Repository'))
    expect(unlisted.unsureWhenDenied).toBe(unsure)
  })

  test('is unsure when denied with more repositories than are asked about', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => repository({ name: `app-${index}` }))
    const all = demands(registry, { images }, ...many(50))
    expect([all.alternatives.length, all.unsureWhenDenied]).toEqual([51, undefined])
    const some = demands(registry, { images }, ...many(51))
    expect([some.alternatives.length, some.unsureWhenDenied]).toEqual([
      51,
      'the images of web are not in the inventory',
    ])
  })

  test('is unsure when denied while nobody knows who pulls', () => {
    const answer = demands(registry, { images, pullers: unknown<never>('nobody said') }, repository())
    expect(answer.unsureWhenDenied).toBe('the role that pulls for web')
  })
})

describe('the keys of a request through an endpoint', () => {
  const members = { organizationAccounts: new Set([home.accountId, '444455556666']) }
  const requestIn = (more: Partial<Workload>, where = registry, at = world) =>
    demandsIn(at, where, more).alternatives[0]![0]!.request
  const world = worldOf([role({ name: 'execution' }), interfaceEndpoint()], members)

  test('are those of the role, the network and the time', () => {
    const { principal, context } = requestIn({})
    expect(principal).toEqual({ kind: 'role', arn: roleArn('execution'), accountId: home.accountId })
    expect(context.get('aws:principalarn')).toEqual(present(roleArn('execution')))
    expect(context.get('aws:principalorgid')).toEqual(present('o-exampleorg1'))
    expect(context.get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    expect(context.get('aws:currenttime')).toEqual(present('2026-11-21T00:00:00.000Z'))
    expect(context.get('aws:sourcevpce')).toEqual(present('vpce-ecr-api'))
    expect(context.get('aws:sourcevpc')).toEqual(present('vpc-1'))
    expect(context.get('aws:sourceip')).toEqual(absentKey)
    expect(context.get('aws:vpcsourceip')).toEqual(unknownKey)
    expect(context.get('aws:vpceaccount')).toEqual(unknownKey)
  })

  test('know the organization of who owns the image, and of nobody else', () => {
    const images = known([imageRepository({ ...home, accountId: '444455556666' }, 'app')])
    const there = ecrDkr(home.region, '444455556666')
    expect(requestIn({ images }, there).context.get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    expect(requestIn({ images }, there).context.get('aws:resourceaccount')).toEqual(present('444455556666'))
    const alone = worldOf([role({ name: 'execution' }), interfaceEndpoint()], {
      organizationAccounts: new Set(['444455556666']),
    })
    const { context } = requestIn({ images }, there, alone)
    expect(context.get('aws:principalorgid')).toEqual(unknownKey)
    expect(context.get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    const { now: _, ...timeless } = alone
    expect(requestIn({ images }, there, timeless).context.get('aws:currenttime')).toEqual(unknownKey)
  })

  test('of a role that is not in the inventory are its ARN and what is certain of it', () => {
    const missing = (roleName: string, region: string = home.region) =>
      requestIn(
        { pullers: known([{ roleName, puller: 'fargateTask' }]) },
        region === home.region ? registry : ecrApi(region),
      )
    const { principal, context } = missing('gone')
    expect(principal).toMatchObject({ arn: roleArn('gone') })
    expect([...context].map(([key]) => key).sort()).toEqual([
      'aws:principalaccount',
      'aws:principalarn',
      'aws:resourceaccount',
      'aws:securetransport',
      'aws:sourceip',
      'aws:sourcevpc',
      'aws:sourcevpce',
      'aws:vpceaccount',
      'aws:vpcsourceip',
    ])
    expect(context.get('aws:principalarn')).toEqual(present(roleArn('gone')))
    expect(context.get('aws:principalaccount')).toEqual(present(home.accountId))
    expect(context.get('aws:resourceaccount')).toEqual(present(home.accountId))
    expect(context.get('aws:securetransport')).toEqual(present('true'))
    expect(missing(roleArn('gone', home.accountId, '/path/')).principal).toMatchObject({
      arn: roleArn('gone', home.accountId, '/path/'),
    })
    expect(missing('gone', 'cn-north-1').principal).toMatchObject({ arn: 'arn:aws-cn:iam::111122223333:role/gone' })
  })

  test('of a role named without its path are those of its ARN', () => {
    const withPath = worldOf([role({ name: 'execution', path: '/team/' }), interfaceEndpoint()], members)
    const { principal } = requestIn({ pullers: known([{ ...execution, roleName: 'execution' }]) }, registry, withPath)
    expect(principal).toMatchObject({ arn: roleArn('execution', home.accountId, '/team/') })
  })
})

describe('who fetches layers', () => {
  const layers = (statement: JsonObject, organization = {}) =>
    demandsIn(
      worldOf([gatewayEndpoint({ policy: policy(statement) })], organization),
      s3Layers(home.region),
    ).alternatives.map(([only]) => only!.request)
  const allow = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }

  test('is an identity of AWS in an organization of its own, or in none', () => {
    const requests = layers(allow)
    expect(requests.map(({ principal }) => principal)).toEqual(
      [0, 1].map(() => ({ kind: 'role', arn: 'arn:aws:iam::000000000000:role/ecr', accountId: '000000000000' })),
    )
    for (const key of ['aws:principalorgid', 'aws:resourceorgid']) {
      expect(requests.map(({ context }) => context.get(key))).toEqual([present('o-0000000000'), absentKey])
    }
    for (const key of ['aws:principalorgpaths', 'aws:resourceorgpaths']) {
      expect(requests.map(({ context }) => context.get(key))).toEqual([
        present('o-0000000000/r-0000/ou-0000/'),
        absentKey,
      ])
    }
    for (const key of ['aws:principalaccount', 'aws:resourceaccount', 's3:resourceaccount']) {
      expect(requests.map(({ context }) => context.get(key))).toEqual([
        present('000000000000'),
        present('000000000000'),
      ])
    }
    expect(requests[0]?.context.get('aws:principalisawsservice')).toEqual(unknownKey)
    expect(requests[0]?.context.get('aws:securetransport')).toEqual(present('true'))
    expect(requests[0]?.context.get('aws:currenttime')).toEqual(present('2026-11-21T00:00:00.000Z'))
    expect(requests[0]?.context.get('aws:sourcevpce')).toEqual(present('vpce-s3'))
    // S3 tells whose endpoint a request comes through.
    expect(requests[0]?.context.get('aws:vpceaccount')).toEqual(present(home.accountId))
  })

  const accounts = (statement: JsonObject, organization = {}) => [
    ...new Set(layers(statement, organization).map(({ resource }) => resource.accountId)),
  ]
  const condition = (...values: readonly string[]) => ({
    ...allow,
    Condition: { StringEquals: { 'aws:PrincipalAccount': values } },
  })

  test('may be each account the policy names that is nobody of ours, up to eight', () => {
    const named = { ...allow, Principal: { AWS: ['arn:aws:iam::777777777777:root', '888888888888', home.accountId] } }
    expect(accounts(named)).toEqual(['000000000000', '777777777777', '888888888888'])
    expect(accounts(condition('777777777777', 'no account', '777777777777'))).toEqual(['000000000000', '777777777777'])
    const many = Array.from({ length: 10 }, (_, index) => `77777777770${index}`.slice(0, 12))
    expect(accounts(condition(...many))).toEqual(['000000000000', ...many.slice(0, 8)])
  })

  test('is no account of ours, of the organization, or that is trusted', () => {
    const ours = {
      ownAccounts: new Set(['555555555551']),
      organizationAccounts: new Set(['555555555552']),
      trustedAccounts: new Set(['555555555553']),
    }
    expect(accounts(condition('555555555551', '555555555552', '555555555553', home.accountId), ours)).toEqual([
      '000000000000',
    ])
  })
})
