import { describe, expect, it } from 'vitest'
import { absentKey, present, unknownKey } from '../../shared/iam/conditions/context.ts'
import { evaluateConditions } from '../../shared/iam/conditions/evaluate-condition.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import { type PullContextInput, pullContext } from '../../shared/pull/pull-context.ts'
import { pullContextTable } from '../../shared/pull/pull-context-table.ts'

const arn = 'arn:aws:iam::111122223333:role/team/pull'
const pull: PullContextInput = {
  puller: 'fargateTask',
  role: { arn, accountId: '111122223333', tags: new Map([['Team', 'blue']]) },
  action: 'ecr:BatchGetImage',
  region: 'eu-central-1',
  resourceAccountId: '444455556666',
}
const token: Partial<PullContextInput> = { action: 'ECR:GetAuthorizationToken', resourceAccountId: '111122223333' }

function valueIn(key: string, changes: Partial<PullContextInput> = {}) {
  return pullContext({ ...pull, ...changes }).get(key.toLowerCase())
}

describe('the context of a pull', () => {
  it('holds what the caller is', () => {
    expect(valueIn('aws:PrincipalArn')).toEqual(present(arn))
    expect(valueIn('aws:PrincipalAccount')).toEqual(present('111122223333'))
    expect(valueIn('aws:PrincipalType')).toEqual(present('AssumedRole'))
    expect(valueIn('aws:PrincipalIsAWSService')).toEqual(present('false'))
    expect(valueIn('aws:userid', { role: { ...pull.role, roleId: 'AROAEXAMPLE' } })).toEqual(unknownKey)
    expect(valueIn('aws:username')).toEqual(absentKey)
  })

  it('leaves open what somebody else with the credentials decides, and nothing more', () => {
    const byHolder = { isByHolder: true }
    const open = pullContextTable.filter(({ holderState }) => holderState !== undefined).map(({ key }) => key)
    expect(open).toEqual([
      'aws:SourceIdentity',
      'aws:ViaAWSService',
      'aws:CalledVia',
      'aws:CalledViaFirst',
      'aws:CalledViaLast',
      'aws:ViaAWSMCPService',
      'aws:CalledViaAWSMCP',
      'aws:Referer',
    ])
    for (const key of open) expect(valueIn(key, byHolder), key).toEqual(unknownKey)
    expect(valueIn('aws:CalledVia', { ...token, ...byHolder })).toEqual(unknownKey)
    expect(valueIn('aws:CalledVia')).toEqual(absentKey)
    expect(valueIn('aws:ViaAWSService')).toEqual(present('false'))
    for (const key of ['aws:MultiFactorAuthPresent', 'aws:SourceArn', 'aws:username', 'aws:PrincipalTag/x']) {
      expect(valueIn(key, byHolder), key).toEqual(absentKey)
    }
  })

  it('holds the organization only as far as it is known', () => {
    const organizationPath = known('o-1/r-1/ou-1/')
    expect(valueIn('aws:PrincipalOrgID')).toEqual(unknownKey)
    expect(valueIn('aws:PrincipalOrgID', { organizationId: 'o-1' })).toEqual(present('o-1'))
    expect(valueIn('aws:PrincipalOrgPaths', { organizationPath })).toEqual(present('o-1/r-1/ou-1/'))
    expect(valueIn('aws:PrincipalOrgPaths', { organizationPath: unknown('not listed') })).toEqual(unknownKey)
    expect(valueIn('aws:PrincipalOrgPaths', { organizationPath: absent() })).toEqual(absentKey)
    expect(valueIn('aws:PrincipalOrgPaths', { organizationPath: absent(), organizationId: 'o-1' })).toEqual(unknownKey)
  })

  it('takes the organization of the repository for that of the role only within one account', () => {
    const own = { resourceAccountId: '111122223333', organizationId: 'o-1', organizationPath: known('o-1/r-1/') }
    expect(valueIn('aws:ResourceAccount')).toEqual(present('444455556666'))
    expect(valueIn('aws:ResourceOrgID', { organizationId: 'o-1' })).toEqual(unknownKey)
    expect(valueIn('aws:ResourceOrgID', { resourceOrganizationId: 'o-2' })).toEqual(present('o-2'))
    expect(valueIn('aws:ResourceOrgID', own)).toEqual(present('o-1'))
    expect(valueIn('aws:ResourceOrgPaths', own)).toEqual(present('o-1/r-1/'))
    expect(valueIn('aws:ResourceOrgPaths', { ...own, resourceAccountId: '444455556666' })).toEqual(unknownKey)
  })

  it('holds the tags of the role, in any case of their keys, and no others', () => {
    expect(valueIn('aws:PrincipalTag/team')).toEqual(present('blue'))
    expect(valueIn('aws:PrincipalTag/other')).toEqual(absentKey)
    expect(valueIn('aws:PrincipalTag/__proto__')).toEqual(absentKey)
  })

  it('holds the tags of the repository when they are known, and none on GetAuthorizationToken', () => {
    const resourceTags = new Map([['Env', 'prod']])
    expect(valueIn('aws:ResourceTag/Env')).toEqual(unknownKey)
    expect(valueIn('aws:ResourceTag/Env', { resourceTags })).toEqual(present('prod'))
    expect(valueIn('ecr:ResourceTag/env', { resourceTags })).toEqual(present('prod'))
    expect(valueIn('ecr:ResourceTag/other', { resourceTags })).toEqual(absentKey)
    expect(valueIn('aws:ResourceTag/Env', token)).toEqual(absentKey)
    expect(valueIn('aws:ResourceTag/Env', { action: 'ecr:CreateRepository', resourceTags })).toEqual(unknownKey)
  })

  it('leaves the value of tags open that differ in case alone', () => {
    const resourceTags = new Map([
      ['env', 'prod'],
      ['Env', 'test'],
    ])
    expect(valueIn('aws:ResourceTag/env', { resourceTags })).toEqual(unknownKey)
  })

  it('sets no tags, except where the action is to set them', () => {
    expect(valueIn('aws:RequestTag/x')).toEqual(absentKey)
    expect(valueIn('aws:TagKeys')).toEqual(absentKey)
    expect(valueIn('aws:RequestTag/x', { action: 'ecr:TagResource' })).toEqual(unknownKey)
    expect(valueIn('aws:TagKeys', { action: 'ecr:CreateRepository' })).toEqual(unknownKey)
  })

  it('knows the time only when the caller does', () => {
    const now = new Date('2026-03-01T12:00:00.500Z')
    expect(valueIn('aws:CurrentTime')).toEqual(unknownKey)
    expect(valueIn('aws:CurrentTime', { now })).toEqual(present('2026-03-01T12:00:00.500Z'))
    expect(valueIn('aws:EpochTime', { now })).toEqual(present('1772366400'))
  })

  it.each(['aws:Ec2InstanceSourceVpc', 'aws:Ec2InstanceSourcePrivateIPv4', 'ec2:SourceInstanceArn'])(
    'has %s with an instance profile only',
    (key) => {
      expect(valueIn(key, { puller: 'eksNode' })).toEqual(unknownKey)
      expect(valueIn(key, { puller: 'ecsInstance' })).toEqual(unknownKey)
      expect(valueIn(key, { puller: 'ecsInstanceExecutionRole' })).toEqual(absentKey)
      expect(valueIn(key, { puller: 'fargateTask' })).toEqual(absentKey)
      expect(valueIn(key, { puller: 'eksFargatePod' })).toEqual(absentKey)
    },
  )

  it.each([
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:SourceArn',
    'aws:SourceAccount',
    'aws:SourceOrgID',
    'aws:MultiFactorAuthPresent',
    'aws:FederatedProvider',
    'aws:SourceIdentity',
    'aws:Referer',
    'lambda:SourceFunctionArn',
    's3:prefix',
    'ecs:cluster',
  ])('does not have %s', (key) => {
    expect(valueIn(key)).toEqual(absentKey)
  })

  it.each([
    'aws:SourceIp',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:VpcSourceIp',
    'aws:UserAgent',
    'aws:TokenIssueTime',
  ])('does not know %s', (key) => {
    expect(valueIn(key)).toEqual(unknownKey)
  })

  it('says nothing of a key that the table does not name', () => {
    expect(valueIn('aws:SomethingNew')).toBeUndefined()
    expect(valueIn('aws:PrincipalTag')).toBeUndefined()
  })

  it('takes what the network decides, but leaves the endpoint open for a token on Fargate', () => {
    const network = new Map([
      ['aws:sourcevpce', present('vpce-1')],
      ['aws:principalarn', present('somebody else')],
    ])
    expect(valueIn('aws:SourceVpce', { network })).toEqual(present('vpce-1'))
    expect(valueIn('aws:PrincipalArn', { network })).toEqual(present(arn))
    expect(valueIn('aws:SourceVpce', { ...token, network })).toEqual(unknownKey)
    expect(valueIn('aws:SourceVpce', { ...token, network, puller: 'eksNode' })).toEqual(present('vpce-1'))
  })

  it('is what conditions are evaluated with', () => {
    const context = pullContext(pull)
    const holds = (operator: string, key: string, ...values: string[]) =>
      evaluateConditions([{ operator, key, values }], context)
    expect(holds('StringEquals', 'aws:PrincipalTag/Team', 'blue')).toBe('true')
    expect(holds('Null', 'aws:PrincipalTag/Other', 'true')).toBe('true')
    expect(holds('BoolIfExists', 'aws:MultiFactorAuthPresent', 'true')).toBe('true')
    expect(holds('Bool', 'aws:MultiFactorAuthPresent', 'true')).toBe('false')
    expect(holds('StringEquals', 'aws:SourceVpce', 'vpce-1')).toBe('unknown')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    expect(holds('StringNotEquals', 'aws:ResourceAccount', '${aws:PrincipalAccount}')).toBe('true')
  })
})

describe('the table', () => {
  it('names each key once, with a reason for each', () => {
    const keys = pullContextTable.map(({ key }) => key.toLowerCase())
    expect(new Set(keys).size).toBe(keys.length)
    expect(pullContextTable.filter(({ why }) => why.length < 10 || why.endsWith('.'))).toEqual([])
  })

  it('has a value for each key it calls present, when everything is known', () => {
    const everything: PullContextInput = {
      ...pull,
      organizationId: 'o-1',
      organizationPath: known('o-1/r-1/'),
      resourceOrganizationId: 'o-1',
      resourceOrganizationPath: known('o-1/r-1/'),
      now: new Date(0),
    }
    const rows = pullContextTable.filter(({ key, state }) => state.fargateTask === 'present' && !key.endsWith('*'))
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter(({ key }) => valueIn(key, everything)?.state !== 'present')).toEqual([])
  })
})
