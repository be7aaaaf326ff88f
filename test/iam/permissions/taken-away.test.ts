import { describe, expect, it } from 'vitest'
import { present } from '../../../shared/iam/conditions/context.ts'
import type { PolicyDocument } from '../../../shared/iam/evaluate/types.ts'
import { namesAction, registryPermissions } from '../../../shared/iam/permissions/registry-permissions.ts'
import { tokenStatements } from '../../../shared/iam/permissions/token-statements.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { allow, arnOf, byPolicy, deny, documentOf, documentOfVersion, grantsOf, inputOf } from './granted.ts'

const push = allow('ecr:PutImage', '*')
const whenTagged = { Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } }
const scp = (...statements: readonly JsonValue[]) => [
  {
    orgIdentifier: 'r-root',
    policies: [documentOf('FullAWSAccess', allow('*', '*')), documentOf('guard', ...statements)],
  },
]

describe('a Deny', () => {
  it.each([
    ['of the action on everything', deny('ecr:PutImage', { Resource: '*' }), []],
    ['of everything but other actions', { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }, []],
    ['that leaves the action out', { Effect: 'Deny', NotAction: 'ecr:*', Resource: '*' }, ['ecr:PutImage registry *']],
    ['of another action', deny('ecr:DeleteRepository', { Resource: '*' }), ['ecr:PutImage registry *']],
    ['of nothing', deny('ecr:*', { NotResource: '*' }), ['ecr:PutImage registry *']],
    ['of one repository', deny('ecr:*', { Resource: arnOf('app') }), ['ecr:PutImage registry *']],
    ['under an unknown condition', deny('ecr:*', { Resource: '*', ...whenTagged }), ['ecr:PutImage registry * ?']],
  ] as const)('%s', (_name, statement, grants) => {
    expect(grantsOf(byPolicy(push, statement))).toEqual(grants)
  })
  it('in a boundary takes away too', () => {
    const permissionsBoundaries = [documentOf('boundary', allow('*', '*'), deny('ecr:PutImage', { Resource: '*' }))]
    expect(grantsOf({ ...byPolicy(allow(['ecr:PutImage', 'ecr:ListImages'], '*')), permissionsBoundaries })).toEqual([
      'ecr:ListImages registry *',
    ])
  })
  it('in a guardrail spares names it is asked about', () => {
    const serviceControlPolicies = scp(deny('ecr:*', { NotResource: 'arn:aws:ecr:*:*:repository/team/*' }))
    expect(grantsOf({ ...byPolicy(push), serviceControlPolicies })).toEqual(['ecr:PutImage pattern *'])
  })
  it('with a variable is not taken for a pattern to try', () => {
    const resource = `arn:aws:ecr:*:*:repository/\${aws:PrincipalTag/team}`
    const context = { 'aws:principaltag/team': present('blue') }
    const { grants, limits } = registryPermissions(
      inputOf({ ...byPolicy(push, deny('ecr:*', { NotResource: resource })), context }),
    )
    expect([grants, limits]).toEqual([[], []])
  })
})

describe('a boundary', () => {
  it('that names the action nowhere leaves nothing', () => {
    expect(
      grantsOf({ ...byPolicy(push), permissionsBoundaries: [documentOf('boundary', allow('s3:*', '*'))] }),
    ).toEqual([])
  })
  it('that cannot be read leaves everything open', () => {
    const boundary: PolicyDocument = { state: 'unknown', name: 'boundary', reason: 'text not known' }
    const { grants, unknownDocuments } = registryPermissions(
      inputOf({ ...byPolicy(push), permissionsBoundaries: [boundary] }),
    )
    expect(grants.map(({ certain, missing }) => ({ certain, missing }))).toEqual([
      { certain: false, missing: [{ kind: 'document', policy: 'boundary', reason: 'text not known' }] },
    ])
    expect(unknownDocuments).toEqual([])
  })
  it('gives names of its own patterns', () => {
    const permissionsBoundaries = [
      documentOf('boundary', allow('ecr:*', arnOf('app')), allow('s3:*', 'arn:aws:s3:::b')),
    ]
    const { grants } = registryPermissions(inputOf({ ...byPolicy(push), permissionsBoundaries }))
    expect(grants.map(({ resource, scope, certain }) => ({ resource, scope, certain }))).toEqual([
      { resource: arnOf('app'), scope: 'pattern', certain: true },
    ])
  })
})

describe('patterns of other statements', () => {
  const spares = (count: number): JsonValue =>
    deny('ecr:*', { NotResource: Array.from({ length: count }, (_, index) => arnOf(`app${index}`)) })
  const limit = 'not every resource that Deny statements and guardrails name was tried'
  it('are tried up to fifty', () => {
    expect(registryPermissions(inputOf(byPolicy(push, spares(50)))).limits).toEqual([])
    expect(registryPermissions(inputOf(byPolicy(push, spares(51)))).limits).toEqual([limit])
  })
  it('count once, without stars, variables and those of other services', () => {
    const more = [
      deny('ecr:*', { NotResource: [arnOf('app0'), '*', `arn:aws:ecr:*:*:repository/\${aws:username}`] }),
      deny('s3:*', { NotResource: 'arn:aws:s3:::b' }),
    ]
    expect(registryPermissions(inputOf(byPolicy(push, spares(50), ...more))).limits).toEqual([])
  })
})

describe('statements that allow', () => {
  it('without a resource give nothing', () => {
    expect(grantsOf(byPolicy({ Effect: 'Allow', Action: 'ecr:PutImage' }))).toEqual([])
  })
  it('give each pattern once', () => {
    expect(grantsOf(byPolicy(allow('ecr:PutImage', [arnOf('a'), arnOf('b'), arnOf('a')])))).toEqual([
      `ecr:PutImage repository ${arnOf('a')}`,
      `ecr:PutImage repository ${arnOf('b')}`,
    ])
  })
  it('of the old version have no variables', () => {
    const resource = `arn:aws:ecr:*:*:repository/\${aws:PrincipalTag/team}/*`
    const context = { 'aws:principaltag/team': present('blue') }
    const own = documentOfVersion('2008-10-17', 'own', [allow('ecr:PutImage', resource)])
    expect(grantsOf({ identityPolicies: [own], context })).toEqual([])
  })
  it('of the old version compare conditions as written', () => {
    const condition = { Condition: { StringEquals: { 'aws:PrincipalTag/team': `\${aws:PrincipalTag/other}` } } }
    const context = { 'aws:principaltag/team': present('a'), 'aws:principaltag/other': present('a') }
    const of = (version: string) =>
      grantsOf({
        identityPolicies: [documentOfVersion(version, 'own', [allow('ecr:PutImage', '*', condition)])],
        context,
      })
    expect(of('2008-10-17')).toEqual([])
    expect(of('2012-10-17')).toEqual(['ecr:PutImage registry *'])
  })
  it('on what NotResource leaves give registry actions unless a star is left out', () => {
    const but = (resource: string): JsonValue => ({
      Effect: 'Allow',
      Action: 'ecr:PutRegistryPolicy',
      NotResource: resource,
    })
    expect(grantsOf(byPolicy(but(arnOf('app')), but('*')))).toEqual([
      `ecr:PutRegistryPolicy registry NotResource: ${arnOf('app')}`,
    ])
  })
  it('list all that NotResource leaves out', () => {
    const statement = { Effect: 'Allow', Action: 'ecr:PutImage', NotResource: [arnOf('a'), arnOf('b')] }
    expect(grantsOf(byPolicy(statement))).toEqual([`ecr:PutImage registry NotResource: ${arnOf('a')}, ${arnOf('b')}`])
  })
  it('give in the region that a condition asks for', () => {
    const input = inputOf(
      byPolicy(allow('ecr:PutImage', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-2' } } })),
    )
    const home = { ...input.home, regions: ['eu-west-1', 'us-east-2'] }
    expect(
      registryPermissions({ ...input, home }).grants.map(({ resource, scope, certain }) => [resource, scope, certain]),
    ).toEqual([[arnOf('zz7q-fresh-4xk9', undefined, 'us-east-2'), 'registry', true]])
  })
  it('give what is open and then what is certain', () => {
    const input = inputOf({
      ...byPolicy(allow('ecr:PutImage', '*', whenTagged)),
      repositories: [arnOf('app'), arnOf('api')],
    })
    const contextOf = (_action: string, arn: string) =>
      arn === arnOf('api') ? new Map([['aws:resourcetag/team', present('a')]]) : new Map()
    const { grants } = registryPermissions({ ...input, contextOf })
    expect(grants.map(({ resource, scope, certain, missing }) => ({ resource, scope, certain, missing }))).toEqual([
      {
        resource: arnOf('zz7q-fresh-4xk9'),
        scope: 'registry',
        certain: false,
        missing: [{ kind: 'contextKey', key: 'aws:ResourceTag/team', policy: 'own', position: 1 }],
      },
      { resource: arnOf('api'), scope: 'repository', certain: true, missing: [] },
    ])
  })
  it('keep the number they have in their own policy', () => {
    const identityPolicies = [documentOf('first', push), documentOf('second', deny('s3:*', { Resource: '*' }), push)]
    const { grants } = registryPermissions(inputOf({ identityPolicies }))
    expect(grants.map(({ statement }) => statement)).toEqual([
      { policy: 'first', position: 1, sid: undefined },
      { policy: 'second', position: 2, sid: undefined },
    ])
  })
})

describe('names of actions', () => {
  it.each([
    [['ecr:PutImage'], false, true],
    [['ecr:put*'], false, true],
    [['s3:*', 'ecr:*'], false, true],
    [['s3:*'], false, false],
    [['s3:*'], true, true],
    [['s3:*', 'ecr:*'], true, false],
  ])('%j, left out %s: %s', (patterns, not, expected) => {
    expect(namesAction({ patterns, not }, 'ecr:PutImage')).toBe(expected)
  })
})

describe('a statement about the token', () => {
  it('is described whole', () => {
    const condition = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }
    expect(
      tokenStatements([
        documentOf('own', allow(['ecr:Get*', '*'], ['*', arnOf('a')], { Sid: 'Login', ...condition })),
        { state: 'unknown', name: 'vendor', reason: 'text not known' },
        documentOf(
          'other',
          { Effect: 'Allow', Action: '*', NotResource: ['*'] },
          { Effect: 'Allow', Action: ['e*', 'ecr:*'] },
          { Effect: 'Allow', NotAction: ['iam:*', 's3:*'], Resource: '*' },
          { Effect: 'Allow', NotAction: ['iam:*', 'ecr:Get*'], Resource: '*' },
        ),
      ]),
    ).toEqual([
      {
        statement: { policy: 'own', position: 1, sid: 'Login' },
        by: 'ecrPattern',
        action: 'ecr:Get*',
        resources: ['*', arnOf('a')],
        complement: false,
        coversAll: true,
        conditional: true,
      },
      {
        statement: { policy: 'other', position: 1, sid: undefined },
        by: 'anyService',
        action: '*',
        resources: ['*'],
        complement: true,
        coversAll: false,
        conditional: false,
      },
      {
        statement: { policy: 'other', position: 2, sid: undefined },
        by: 'ecrPattern',
        action: 'ecr:*',
        resources: [],
        complement: false,
        coversAll: false,
        conditional: false,
      },
      {
        statement: { policy: 'other', position: 3, sid: undefined },
        by: 'anyService',
        action: 'NotAction: iam:*, s3:*',
        resources: ['*'],
        complement: false,
        coversAll: true,
        conditional: false,
      },
    ])
  })
})
