import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  adminPolicy,
  audit,
  changeOf,
  definitionItem,
  held,
  policyArn,
  pullPolicy,
  role,
  roleArn,
  roleId,
  roleItem,
  sweepOf,
  taskDefinition,
  told,
  written,
} from './role-scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const admin = 'role-registry-admin-restricted'
const operations = (service: string) => fake.calls.filter((one) => one.service === service).map((one) => one.operation)

describe('a change of a role', () => {
  it('is judged by the live role, and its finding goes to the Security Hub of the own region', async () => {
    fake.state.iam.roles.push(role('deployer', adminPolicy))
    await audit(fake, changeOf(admin, roleItem('deployer')))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT']])
    const [finding] = fake.findings.values()
    expect([finding.Region, finding.ProductArn]).toEqual([
      'eu-central-1',
      'arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default',
    ])
    expect(finding.Resources).toEqual([
      {
        Type: 'AwsIamRole',
        Id: roleArn('deployer'),
        Region: 'eu-central-1',
        Partition: 'aws',
        Details: { AwsIamRole: { RoleName: 'deployer', RoleId: roleId('deployer') } },
      },
    ])
  })

  it('reads that role and its policies, not every role of the account', async () => {
    const held = policyArn('delete')
    fake.state.iam.roles.push(role('deployer', undefined, { attached: [held] }), role('other', adminPolicy))
    fake.state.iam.policies.push({
      arn: held,
      id: 'ANPA1',
      defaultVersionId: 'v2',
      versions: new Map([['v2', adminPolicy]]),
    })
    await audit(fake, changeOf(admin, roleItem('deployer')))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT']])
    expect(operations('iam').sort()).toEqual([
      'GetPolicy',
      'GetPolicyVersion',
      'GetRole',
      'ListAttachedRolePolicies',
      'ListRolePolicies',
    ])
  })

  it('may be stated in the home region instead of global', async () => {
    fake.state.iam.roles.push(role('reader', pullPolicy('app')))
    await audit(fake, changeOf(admin, roleItem('reader', { awsRegion: 'eu-central-1' })))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('reader'), 'COMPLIANT']])
  })

  it('is found by its name when the item states no ARN', async () => {
    fake.state.iam.roles.push(role('deployer', adminPolicy, { path: '/ci/' }))
    await audit(fake, changeOf(admin, roleItem('deployer', { ARN: null })))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT']])
    expect(held(fake)).toEqual([[roleArn('ci/deployer'), 'FAILED', 'ACTIVE']])
  })

  it.each([
    ['a role of another account', { ARN: 'arn:aws:iam::999999999999:role/deployer' }, 'configurationItem.ARN'],
    ['no name at all', { ARN: null, resourceName: null }, 'configurationItem.resourceName'],
    ['another region', { awsRegion: 'us-east-1' }, 'configurationItem.awsRegion'],
  ])('is refused when it names %s', async (_name, item, field) => {
    await expect(audit(fake, changeOf(admin, roleItem('deployer', item)))).rejects.toThrow(field)
    expect(written(fake)).toBe(0)
  })

  it('of a type that has a region is refused from everywhere', async () => {
    const event = changeOf('ecs-roles-separate', definitionItem('web:1', { awsRegion: 'global' }))
    await expect(audit(fake, event)).rejects.toThrow('configurationItem.awsRegion')
  })

  it('is undetermined when its policies may not be read, and named', async () => {
    fake.state.iam.roles.push(role('deployer', pullPolicy('app')))
    fake.state.plan = (operation) =>
      operation === 'GetRolePolicy' ? { error: 'AccessDenied', status: 403 } : undefined
    await audit(fake, changeOf(admin, roleItem('deployer')))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT']])
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: iam:GetRolePolicy failed with AccessDenied/)
    expect(held(fake)).toEqual([[roleArn('deployer'), 'WARNING', 'ACTIVE']])
  })

  it('does not pass a role when the repositories that may name it could not be listed', async () => {
    fake.state.iam.roles.push(role('reader', pullPolicy('app')))
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException' } : undefined
    await audit(fake, changeOf(admin, roleItem('reader')))
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: ecr:DescribeRepositories failed with AccessDenied/)
  })

  it.each(['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'DescribeRepositories'])(
    'writes nothing and fails when %s is throttled',
    async (throttled) => {
      fake.state.iam.roles.push(role('deployer', pullPolicy('app')))
      fake.state.plan = (operation) => (operation === throttled ? { error: 'Throttling' } : undefined)
      await expect(audit(fake, changeOf(admin, roleItem('deployer')))).rejects.toThrow(`${throttled} failed with`)
      expect(written(fake)).toBe(0)
    },
  )

  it('takes the suspicion of the event when the live role may not be read', async () => {
    fake.state.iam.roles.push(role('deployer', pullPolicy('app')))
    fake.state.plan = (operation) => (operation === 'GetRole' ? { error: 'AccessDenied', status: 403 } : undefined)
    const configuration = {
      ...{ roleName: 'deployer', roleId: roleId('deployer'), arn: roleArn('deployer'), path: '/' },
      assumeRolePolicyDocument: encodeURIComponent(role('deployer', undefined).trust),
      rolePolicyList: [{ policyName: 'inline', policyDocument: encodeURIComponent(adminPolicy) }],
      attachedManagedPolicies: [],
    }
    await audit(fake, changeOf(admin, roleItem('deployer', { configuration })))
    expect(fake.evaluations[0].Annotation).toMatch(/^It may use /)
  })

  it('asks for the current task definitions when the rule is about execution roles', async () => {
    fake.state.repositories.set('app', undefined).set('secret', undefined)
    fake.state.iam.roles.push(role('puller', pullPolicy('app', 'secret')))
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf('ecs-execution-role-least-privilege', roleItem('puller')))
    expect(fake.evaluations[0].Annotation).toBe(
      'Its permissions let it pull arn:aws:ecr:eu-central-1:111122223333:repository/secret, which no task definition of it uses.',
    )
  })
})

describe('a role with a policy of AWS', () => {
  const ofAws = 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser'

  it('is judged by what IAM says the policy is', async () => {
    const versions = new Map([['v7', adminPolicy]])
    fake.state.iam.policies.push({ arn: ofAws, id: 'ANPAAWS', defaultVersionId: 'v7', versions })
    fake.state.iam.roles.push(role('deployer', undefined, { attached: [ofAws] }))
    await audit(fake, changeOf(admin, roleItem('deployer')))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT']])
    expect(fake.calls.filter(({ body }) => body.PolicyArn === ofAws).map(({ operation }) => operation)).toEqual([
      'GetPolicy',
      'GetPolicyVersion',
    ])
  })

  it('is judged so in a sweep too', async () => {
    const versions = new Map([['v7', adminPolicy]])
    fake.state.iam.policies.push({ arn: ofAws, id: 'ANPAAWS', defaultVersionId: 'v7', versions })
    fake.state.iam.roles.push(role('auditor', undefined), role('deployer', undefined, { attached: [ofAws] }))
    await audit(fake, sweepOf(admin))
    expect(told(fake)).toContainEqual(['AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT'])
  })
})

describe('a role that is gone', () => {
  const deleted = { configurationItemStatus: 'ResourceDeleted', configuration: null }
  beforeEach(() => void fake.state.iam.roles.push(role('auditor', undefined)))

  it('is NOT_APPLICABLE and its finding archived', async () => {
    await audit(fake, changeOf(admin, roleItem('old', deleted)))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('old'), 'NOT_APPLICABLE']])
    expect(held(fake)).toEqual([[roleArn('old'), 'PASSED', 'ARCHIVED']])
  })

  it('but was made anew under its name leaves the finding to the new one', async () => {
    fake.state.iam.roles.push(role('old', adminPolicy, { id: 'AROANEW0000000000000A' }))
    await audit(fake, changeOf(admin, roleItem('old', deleted)))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('old'), 'NOT_APPLICABLE']])
    expect(held(fake)).toEqual([])
  })

  it('only by the name in the event is judged by its id', async () => {
    fake.state.iam.roles.push(role('bad', adminPolicy))
    await audit(fake, changeOf(admin, roleItem('bad', { ...deleted, resourceName: 'x', ARN: roleArn('x') })))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('bad'), 'NON_COMPLIANT']])
    expect(held(fake)).toEqual([[roleArn('bad'), 'FAILED', 'ACTIVE']])
  })

  it('is undetermined while the listing does not even hold our own role', async () => {
    fake.state.iam.roles.push(role('reader', undefined))
    fake.state.plan = (operation) =>
      operation === 'GetAccountAuthorizationDetails' ? { error: 'AccessDenied', status: 403 } : undefined
    await audit(fake, changeOf(admin, roleItem('old', deleted)))
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: iam:GetAccountAuthorizationDetails failed/)
    expect(held(fake)).toEqual([[roleArn('old'), 'WARNING', 'ACTIVE']])
  })

  it.each([
    ['out of scope', { eventLeftScope: true }, {}],
    ['not recorded', {}, { configurationItemStatus: 'ResourceNotRecorded' }],
  ])('from the view of AWS Config (%s) keeps its finding while it is there', async (_name, event, item) => {
    fake.state.iam.roles.push(role('bad', adminPolicy))
    await audit(fake, changeOf(admin, roleItem('bad', item), event))
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('bad'), 'NOT_APPLICABLE']])
    expect(held(fake)).toEqual([])
  })
})

describe('a change of a managed policy', () => {
  const event = changeOf(admin, {
    ...{ resourceType: 'AWS::IAM::Policy', resourceId: 'ANPA1', resourceName: 'p', ARN: policyArn('p') },
    awsRegion: 'global',
  })

  it('judges all roles again', async () => {
    fake.state.iam.roles.push(role('auditor', undefined), role('bad', adminPolicy), role('good', undefined))
    await audit(fake, event)
    expect(told(fake)).toEqual([
      ['AWS::IAM::Role', roleId('auditor'), 'COMPLIANT'],
      ['AWS::IAM::Role', roleId('bad'), 'NON_COMPLIANT'],
      ['AWS::IAM::Role', roleId('good'), 'COMPLIANT'],
      ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
    ])
  })

  it('says that roles could not be listed', async () => {
    fake.state.plan = (operation) =>
      operation === 'GetAccountAuthorizationDetails' ? { error: 'AccessDenied', status: 403 } : undefined
    await audit(fake, event)
    expect(told(fake)).toEqual([['AWS::::Account', '111122223333', 'NON_COMPLIANT']])
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: iam:GetAccountAuthorizationDetails failed/)
  })
})
