import { describe, expect, it } from 'vitest'
import { present } from '../../../shared/iam/conditions/context.ts'
import { ecrActions } from '../../../shared/iam/ecr-actions.ts'
import type { PolicyDocument } from '../../../shared/iam/evaluate/types.ts'
import { registryPermissions, repositoriesAllowed } from '../../../shared/iam/permissions/registry-permissions.ts'
import { tokenStatements } from '../../../shared/iam/permissions/token-statements.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { allow, arnOf, byPolicy, deny, documentOf, type Given, grantsOf, inputOf } from './granted.ts'

describe('many repositories', () => {
  it('are not asked for one by one where the same condition leaves all of them open', () => {
    const repositories = Array.from({ length: 5000 }, (_, index) => arnOf(`app${index}`))
    const condition = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }
    const { grants, limits } = registryPermissions(
      inputOf({ ...byPolicy(allow('ecr:*', arnOf('*'), condition)), repositories }),
    )
    expect(limits).toEqual([])
    const names = ecrActions.filter(({ level }) => level === 'repository').map(({ name }) => name)
    expect(grants.map(({ action, scope, certain }) => `${action} ${scope} ${certain}`)).toEqual(
      names.map((name) => `${name} registry false`),
    )
  })
})

describe('what one statement gives', () => {
  it('gives every action on the whole registry through stars', () => {
    const { grants, limits, unknownDocuments } = registryPermissions(inputOf(byPolicy(allow('*', '*'))))
    expect(grants.map(({ action }) => action)).toEqual(ecrActions.map(({ name }) => name))
    expect(new Set(grants.map(({ scope }) => scope))).toEqual(new Set(['registry']))
    expect(grants.every(({ certain, inHomeAccount }) => certain && inHomeAccount)).toBe(true)
    expect([limits, unknownDocuments]).toEqual([[], []])
  })
  it('names statement, group and the resource it was decided on', () => {
    const repository = arnOf('app')
    expect(
      registryPermissions(inputOf(byPolicy(allow('s3:*', '*'), allow('ecr:putimage', repository, { Sid: 'Push' }))))
        .grants,
    ).toEqual([
      {
        action: 'ecr:PutImage',
        group: 'push',
        resource: repository,
        scope: 'repository',
        inHomeAccount: true,
        pattern: repository,
        statement: { policy: 'own', position: 2, sid: 'Push' },
        certain: true,
        missing: [],
      },
    ])
  })
  it.each([
    ['*', 'registry'],
    ['arn:aws:ecr:*:*:*', 'registry'],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/*', 'registry'],
    ['arn:aws:ecr:*:111122223333:repository/team/*', 'pattern'],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/app-?', 'pattern'],
    ['arn:aws:ecr:us-east-2:111122223333:repository/*', 'registry'],
    [arnOf('app'), 'repository'],
  ])('%s is of scope %s', (pattern, scope) => {
    expect(grantsOf(byPolicy(allow('ecr:PutImage', pattern)))).toEqual([`ecr:PutImage ${scope} ${pattern}`])
  })
  it.each([
    ['arn:aws:ecr:*:602401143452:repository/*', 'pattern'],
    [arnOf('eks/pause', '602401143452'), 'repository'],
  ])('%s lies abroad', (pattern, scope) => {
    expect(grantsOf(byPolicy(allow('ecr:BatchGetImage', pattern)))).toEqual([
      `ecr:BatchGetImage ${scope} ${pattern} abroad`,
    ])
  })
  it.each([
    'arn:aws:s3:::bucket/*',
    'arn:aws-cn:ecr:*:111122223333:repository/*',
    'arn:aws:ecr:eu-west-1:111122223333:image/*',
  ])('gives nothing on %s', (pattern) => {
    expect(grantsOf(byPolicy(allow('ecr:*', pattern)))).toEqual([])
  })
  it('gives registry actions on a star only', () => {
    expect(
      grantsOf(byPolicy(allow(['ecr:GetAuthorizationToken', 'ecr:PutRegistryPolicy'], [arnOf('*'), '*']))),
    ).toEqual(['ecr:GetAuthorizationToken registry *', 'ecr:PutRegistryPolicy registry *'])
  })
  it('gives what NotAction leaves', () => {
    const grants = grantsOf(
      byPolicy({ Effect: 'Allow', NotAction: ['ecr:*Image*', 'ecr:B*', 'ecr:D*', 'ecr:G*'], Resource: arnOf('app') }),
    )
    expect(grants).toContain(`ecr:SetRepositoryPolicy repository ${arnOf('app')}`)
    expect(grants.filter((grant) => grant.startsWith('ecr:PutImage'))).toEqual([])
  })
  it('gives what NotResource leaves', () => {
    const statement = { Effect: 'Allow', Action: 'ecr:PutImage', NotResource: arnOf('secret/*') }
    expect(grantsOf(byPolicy(statement))).toEqual([`ecr:PutImage registry NotResource: ${arnOf('secret/*')}`])
  })
  it('gives other accounts when NotResource leaves nothing at home', () => {
    const statement = { Effect: 'Allow', Action: 'ecr:PutImage', NotResource: 'arn:aws:ecr:*:111122223333:*' }
    expect(grantsOf(byPolicy(statement))).toEqual([
      'ecr:PutImage pattern NotResource: arn:aws:ecr:*:111122223333:* abroad',
    ])
  })
})

describe('what takes away', () => {
  it('is a Deny', () => {
    expect(grantsOf(byPolicy(allow('ecr:PutImage', '*'), deny('ecr:Put*', { Resource: '*' })))).toEqual([])
  })
  it('is a Deny that spares a prefix no repository uses yet', () => {
    const spare = deny('ecr:*', { NotResource: 'arn:aws:ecr:*:*:repository/team/*' })
    expect(grantsOf(byPolicy(allow('ecr:PutImage', '*'), spare))).toEqual(['ecr:PutImage pattern *'])
  })
  it('is a Deny that spares names only the two patterns together make up', () => {
    const spare = deny('ecr:*', { NotResource: 'arn:aws:ecr:*:*:repository/*-prod' })
    expect(grantsOf(byPolicy(allow('ecr:PutImage', 'arn:aws:ecr:*:*:repository/team/*'), spare))).toEqual([
      'ecr:PutImage pattern arn:aws:ecr:*:*:repository/team/*',
    ])
  })
  it('is a Deny that spares one known repository', () => {
    const spare = deny('ecr:*', { Resource: '*', Condition: { StringNotEquals: { 'aws:ResourceTag/x': 'y' } } })
    const input = inputOf({
      ...byPolicy(allow('ecr:PutImage', '*'), spare),
      repositories: [arnOf('app'), arnOf('api')],
    })
    const contextOf = (_action: string, arn: string) =>
      new Map([['aws:resourcetag/x', present(arn === arnOf('api') ? 'y' : 'n')]])
    expect(registryPermissions({ ...input, contextOf }).grants.map(({ resource, scope }) => [resource, scope])).toEqual(
      [[arnOf('api'), 'repository']],
    )
  })
  it('is a boundary, of which the common part stays', () => {
    const permissionsBoundaries = [documentOf('boundary', allow('ecr:*', 'arn:aws:ecr:*:*:repository/team/*'))]
    expect(
      grantsOf({ ...byPolicy(allow(['ecr:PutImage', 'ecr:PutRegistryPolicy'], '*')), permissionsBoundaries }),
    ).toEqual(['ecr:PutImage pattern *'])
  })
  it('is a service control policy', () => {
    const serviceControlPolicies = [
      {
        orgIdentifier: 'r-root',
        policies: [
          documentOf('FullAWSAccess', allow('*', '*')),
          documentOf('no-push', deny('ecr:PutImage', { Resource: '*' })),
        ],
      },
    ]
    expect(
      grantsOf({ ...byPolicy(allow(['ecr:PutImage', 'ecr:BatchGetImage'], '*')), serviceControlPolicies }),
    ).toEqual(['ecr:BatchGetImage registry *'])
  })
  it('is a condition that does not hold', () => {
    const condition = { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }
    const context = { 'aws:requestedregion': present('eu-west-1') }
    expect(grantsOf({ ...byPolicy(allow('ecr:PutImage', '*', condition)), context })).toEqual([])
  })
  it('does not blame one statement for what another one allows', () => {
    const never = { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }
    const context = { 'aws:requestedregion': present('eu-west-1') }
    const found = registryPermissions(
      inputOf({ ...byPolicy(allow('ecr:PutImage', '*', never), allow('ecr:PutImage', '*')), context }),
    )
    expect(found.grants.map(({ statement }) => statement.position)).toEqual([2])
  })
})

describe('what is not known', () => {
  it('makes a grant uncertain and names the key', () => {
    const condition = { Condition: { StringEquals: { 'ecr:ResourceTag/team': 'a' } } }
    const { grants } = registryPermissions(inputOf(byPolicy(allow('ecr:PutImage', '*', condition))))
    expect(grants.map(({ certain, scope, missing }) => ({ certain, scope, missing }))).toEqual([
      {
        certain: false,
        scope: 'registry',
        missing: [{ kind: 'contextKey', key: 'ecr:ResourceTag/team', policy: 'own', position: 1 }],
      },
    ])
  })
  it('lists policies that cannot be read and doubts every grant they may deny', () => {
    const unknown: PolicyDocument = { state: 'unknown', name: 'vendor', reason: 'text not known' }
    const found = registryPermissions(
      inputOf({ identityPolicies: [documentOf('own', allow('ecr:PutImage', '*')), unknown] }),
    )
    expect(found.unknownDocuments).toEqual([{ policy: 'vendor', reason: 'text not known' }])
    expect(found.grants.map(({ certain, missing }) => ({ certain, missing }))).toEqual([
      { certain: false, missing: [{ kind: 'document', policy: 'vendor', reason: 'text not known' }] },
    ])
  })
  it('fills in a variable whose value is known', () => {
    const resource = `arn:aws:ecr:*:*:repository/$\{aws:PrincipalTag/team}/*`
    const context = { 'aws:principaltag/team': present('blue') }
    const { grants } = registryPermissions(inputOf({ ...byPolicy(allow('ecr:PutImage', resource)), context }))
    expect(grants.map(({ scope, pattern, certain }) => ({ scope, pattern, certain }))).toEqual([
      { scope: 'pattern', pattern: resource, certain: true },
    ])
    expect(grants[0]?.resource.startsWith(arnOf('blue/'))).toBe(true)
  })
  it('stops at its budget and says so', () => {
    const patterns = Array.from({ length: 600 }, (_, index) => `arn:aws:ecr:*:*:repository/team${index}/*`)
    const statements = Array.from({ length: 6 }, () => allow('ecr:*', patterns))
    const { grants, limits } = registryPermissions(inputOf(byPolicy(...statements)))
    expect(limits.length).toBeGreaterThan(0)
    expect(limits[0]).toMatch(
      /^own, statement [56]: not every resource of arn:aws:ecr:\*:\*:repository\/team\d+\/\* was tried$/,
    )
    expect(grants.length).toBe(100_000)
  })
})

describe('known repositories', () => {
  const repositories = [arnOf('app'), arnOf('team/api'), arnOf('other', '444455556666')]
  const decided = (given: Given) =>
    repositoriesAllowed('ecr:BatchGetImage', inputOf({ ...given, repositories })).map(
      ({ repository, certain }) => `${repository.arn}${certain ? '' : ' ?'}`,
    )
  it('are all allowed through a star, those of other accounts too', () => {
    expect(decided(byPolicy(allow('ecr:*', '*')))).toEqual(repositories)
  })
  it('are those the pattern matches', () => {
    expect(decided(byPolicy(allow('ecr:*', 'arn:aws:ecr:*:*:repository/team/*')))).toEqual([arnOf('team/api')])
  })
  it('are not certain behind an unknown key', () => {
    const condition = { Condition: { StringEquals: { 'ecr:ResourceTag/team': 'a' } } }
    expect(decided(byPolicy(allow('ecr:*', arnOf('app'), condition)))).toEqual([`${arnOf('app')} ?`])
  })
})

describe('statements about the token', () => {
  const of = (...statements: readonly JsonValue[]) =>
    tokenStatements([documentOf('own', ...statements)]).map(
      ({ by, action, coversAll, statement }) =>
        `${statement.position} ${by} ${action}${coversAll ? ' covers all' : ''}`,
    )
  it('tells how they speak of it and whether they can ever allow it', () => {
    expect(
      of(
        allow('ecr:GetAuthorizationToken', '*'),
        allow(['ecr:*', 'ecr:getauthorizationtoken'], arnOf('app')),
        allow('ecr:Get*', arnOf('*')),
        allow('*', 'arn:aws:s3:::*'),
        { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
        allow('ecr:BatchGetImage', '*'),
        deny('ecr:GetAuthorizationToken', { Resource: '*' }),
        { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', NotResource: arnOf('app') },
      ),
    ).toEqual([
      '1 literal ecr:GetAuthorizationToken covers all',
      '2 literal ecr:getauthorizationtoken',
      '3 ecrPattern ecr:Get*',
      '4 anyService *',
      '5 anyService NotAction: iam:* covers all',
      '8 literal ecr:GetAuthorizationToken covers all',
    ])
  })
})
