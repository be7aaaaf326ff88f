import { describe, expect, test } from 'vitest'
import { unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import type { ReachPath, ReachVerdict } from '../../shared/network/types.ts'
import { leastPrivilegeGrade, privacyGrade } from '../../shared/pull/grades.ts'
import { type EstatePart, notListed, policy, policyArn, repository, role } from '../support/builders.ts'
import { hostBy } from './host-by.ts'
import { worldOf } from './pull-world.ts'
import { pullersNamed, pullOf } from './web-service.ts'

const host = (kind: ReachPath['kind'] | undefined, verdict: ReachVerdict = 'reachable') =>
  hostBy(kind === undefined ? [] : [[kind, 'x', verdict]], verdict)

describe('the grade of privacy', () => {
  test.each([
    ['privateEndpoint', 'A'],
    ['gatewayEndpoint', 'A'],
    ['centralEndpoint', 'B'],
    ['natGateway', 'C'],
    ['internetGateway', 'D'],
    ['other', undefined],
  ] as const)('by %s is %s', (kind, grade) => {
    expect(privacyGrade([[host(kind)]])).toBe(grade)
  })

  test('is the worst of all hosts and subnets', () => {
    expect(privacyGrade([[host('privateEndpoint'), host('natGateway')], [host('centralEndpoint')]])).toBe('C')
    expect(privacyGrade([[host('centralEndpoint')], [host('internetGateway'), host('gatewayEndpoint')]])).toBe('D')
  })

  test('is none where a host is not surely reached', () => {
    for (const verdict of ['blocked', 'unknown'] as const) {
      expect(privacyGrade([[host('privateEndpoint'), host('privateEndpoint', verdict)]])).toBeUndefined()
    }
    expect(privacyGrade([[host('privateEndpoint'), host(undefined)]])).toBeUndefined()
    expect(privacyGrade([[host('privateEndpoint'), host('other')]])).toBeUndefined()
  })

  test('is none where the hosts of a subnet are not known, or no subnet is', () => {
    expect(privacyGrade([[host('privateEndpoint')], []])).toBeUndefined()
    expect(privacyGrade([[]])).toBeUndefined()
    expect(privacyGrade([])).toBeUndefined()
  })
})

const allow = (Action: readonly string[], Resource = '*', more: JsonObject = {}) => ({
  Effect: 'Allow',
  Action: [...Action],
  Resource,
  ...more,
})
const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const token = allow(['ecr:GetAuthorizationToken'])
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const narrow = allow(pull, app)

const pullAs = (...names: readonly string[]) => pullOf('fargateTask', { pullers: pullersNamed(...names) })

function gradeOf(statements: readonly JsonObject[], ...more: readonly EstatePart[]) {
  const parts = [role({ inline: { own: policy(...statements) } }), repository(), ...more]
  return leastPrivilegeGrade({ ...worldOf(parts), centralEndpoints: [] }, pullAs('app'))
}

describe('the grade of privilege', () => {
  test.each([
    ['one repository and the token', [token, narrow], 'A'],
    [
      'the check of layers in one repository too',
      [token, narrow, allow(['ecr:BatchCheckLayerAvailability'], app)],
      'A',
    ],
    ['every repository of the registry', [token, allow(pull)], 'B'],
    ['imports of every repository', [token, narrow, allow(['ecr:BatchImportUpstreamImage'])], 'B'],
    ['the check of layers everywhere', [token, allow([...pull, 'ecr:BatchCheckLayerAvailability'])], 'C'],
    ['one wide grant among narrow ones', [token, narrow, allow(['ecr:BatchCheckLayerAvailability'])], 'C'],
    ['reading what repositories hold', [token, narrow, allow(['ecr:DescribeImages'], app)], 'C'],
    ['pushing', [token, narrow, allow(['ecr:PutImage'], app)], 'D'],
    ['everything', [allow(['*'])], 'D'],
  ] as const)('for %s is right', (_what, statements, grade) => {
    expect(gradeOf(statements)).toBe(grade)
  })

  test('is none where a grant is not certain, though another is', () => {
    const conditional = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }
    expect(gradeOf([token, allow(pull, app, conditional)])).toBeUndefined()
  })

  test('is none where a policy cannot be read', () => {
    const lost = role({ inline: { own: policy(token, narrow) }, attached: [policyArn('lost')] })
    const world = { ...worldOf([lost, repository(), notListed('AWS::IAM::Policy')]), centralEndpoints: [] }
    expect(leastPrivilegeGrade(world, pullAs('app'))).toBeUndefined()
  })

  test('is none where nothing is granted at all', () => {
    expect(gradeOf([allow(['s3:GetObject'])])).toBeUndefined()
  })

  test('is the worst of the roles that may pull, and none where one is not known', () => {
    const parts = [
      role({ inline: { own: policy(token, narrow) } }),
      role({ name: 'wide', inline: { own: policy(allow(['ecr:*'])) } }),
      repository(),
    ]
    const world = { ...worldOf(parts), centralEndpoints: [] }
    expect(leastPrivilegeGrade(world, pullAs('app', 'wide'))).toBe('D')
    expect(leastPrivilegeGrade(world, pullAs('wide', 'app'))).toBe('D')
    expect(leastPrivilegeGrade(world, pullAs('app', 'gone'))).toBeUndefined()
    expect(leastPrivilegeGrade(world, pullAs())).toBeUndefined()
    expect(leastPrivilegeGrade(world, { ...pullAs(), pullers: unknown<never>('nobody said') })).toBeUndefined()
    expect(leastPrivilegeGrade(world, { ...pullAs('app'), credentials: 'regcred' })).toBeUndefined()
  })
})
