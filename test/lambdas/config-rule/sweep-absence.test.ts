import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  adminPolicy,
  audit,
  changeOf,
  definitionArn,
  definitionItem,
  eksCluster,
  nodegroup,
  pullPolicy,
  role,
  roleArn,
  roleId,
  sweepOf,
  taskDefinition,
  told,
} from './role-scenario.ts'
import { closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'
import { addIsolatedVpc, startPullingAccount, sweepOfVpcs, warmAuditor } from './vpc-scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
})
afterEach(() => fake.close())

const shown = () =>
  Object.fromEntries([...fake.compliance].map(([key, one]) => [key.split(' ')[1] as string, one.ComplianceType]))
const note = () => fake.compliance.get('AWS::::Account 111122223333').Annotation as string
/** Record states of the findings, without the account's own. */
const states = () =>
  Object.fromEntries(
    [...fake.findings.values()]
      .filter((one) => !one.Resources[0].Id.includes(':registry/'))
      .map((one) => [one.Resources[0].Id.split('/').at(-1), one.RecordState]),
  )
const sweep = (hour = 11) => {
  fake.evaluations.length = 0
  return invoke(fake, scheduledEvent(`2026-03-01T${hour}:00:00.000Z`))
}
const listings = () =>
  fake.calls.filter(({ operation, body }) => operation === 'DescribeRepositories' && !body.repositoryNames).length
const looks = () =>
  fake.calls.filter(({ operation, body }) => operation === 'DescribeRepositories' && body.repositoryNames).length
/** The next listing brings only these repositories. */
const cutListings = (names: readonly string[], times: number) => {
  fake.state.plan = (operation, _n, body) => {
    if (operation !== 'DescribeRepositories' || body.repositoryNames || times-- <= 0) return undefined
    const repositories = names.map((repositoryName) => ({
      ...{ repositoryName, repositoryArn: `arn:aws:ecr:eu-central-1:111122223333:repository/${repositoryName}` },
      ...{ registryId: '111122223333', imageTagMutability: 'IMMUTABLE', encryptionConfiguration: {} },
    }))
    return { answer: { repositories } }
  }
}

describe('a resource that the listing does not bring', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) fake.state.repositories.set(name, openPolicy)
    await sweep(10)
  })

  it('is NOT_APPLICABLE and archived when it is gone, after one more look', async () => {
    fake.state.repositories.delete('a')
    fake.calls.length = 0
    await sweep()
    expect(shown().a).toBe('NOT_APPLICABLE')
    expect(states().a).toBe('ARCHIVED')
    expect([listings(), looks()]).toEqual([1, 1])
    expect(states().b).toBe('ACTIVE')
  })

  it('keeps its verdict when the look shows that it is there', async () => {
    cutListings(['b', 'c', 'd', 'e', 'f'], 1)
    await sweep()
    expect(shown().a).toBe('NON_COMPLIANT')
    expect(states().a).toBe('ACTIVE')
    expect(new Set(fake.evaluations.map((one) => one.ComplianceResourceId))).toEqual(new Set(['111122223333']))
  })

  it('gets the verdict of that look when it has changed since', async () => {
    fake.state.repositories.set('a', closedPolicy)
    cutListings(['b', 'c', 'd', 'e', 'f'], 1)
    await sweep()
    expect(shown().a).toBe('COMPLIANT')
  })

  it('is not gone while nobody may look: it is undetermined', async () => {
    fake.state.repositories.delete('a')
    fake.state.plan = (operation, _n, body) =>
      operation === 'DescribeRepositories' && body.repositoryNames ? { error: 'AccessDeniedException' } : undefined
    await sweep()
    expect(shown().a).toBe('NON_COMPLIANT')
    expect(fake.compliance.get('AWS::ECR::Repository a').Annotation).toMatch(/^Undetermined: /)
    expect(states().a).toBe('ACTIVE')
  })

  it('makes the invocation fail when the look is throttled, and nothing is written of it', async () => {
    fake.state.repositories.delete('a')
    fake.state.plan = (operation, _n, body) =>
      operation === 'DescribeRepositories' && body.repositoryNames ? { error: 'ThrottlingException' } : undefined
    await expect(sweep()).rejects.toThrow('could not be reached yet')
    expect(new Set(fake.evaluations.map((one) => one.ComplianceResourceId))).toEqual(new Set(['111122223333']))
    expect(states().a).toBe('ACTIVE')
  })

  it.each([
    ['denied', 'AccessDeniedException'],
    ['throttled', 'ThrottlingException'],
  ])('is never gone when the listing was %s', async (_name, error) => {
    fake.state.repositories.clear()
    fake.state.plan = (operation) => (operation === 'DescribeRepositories' ? { error } : undefined)
    await sweep().catch(() => undefined)
    expect(Object.values(states())).not.toContain('ARCHIVED')
    expect(
      Object.entries(shown())
        .filter(([, one]) => one === 'NOT_APPLICABLE')
        .map(([id]) => id),
    ).toEqual(error === 'ThrottlingException' ? ['111122223333'] : [])
  })

  it('B9 a listing with fewer than half of the resources is confirmed by a second one', async () => {
    for (const name of ['a', 'b', 'c', 'd']) fake.state.repositories.delete(name)
    fake.calls.length = 0
    await sweep()
    expect([listings(), looks()]).toEqual([2, 4])
    expect(shown()).toMatchObject({ a: 'NOT_APPLICABLE', d: 'NOT_APPLICABLE', e: 'NON_COMPLIANT' })
  })

  it('B9 an empty listing that the second one does not repeat takes nothing back', async () => {
    cutListings([], 1)
    await sweep()
    expect(shown()).toMatchObject({ a: 'NON_COMPLIANT', f: 'NON_COMPLIANT' })
    expect(Object.values(states())).not.toContain('ARCHIVED')
  })

  it('B9 a short listing takes nothing back when the second one fails', async () => {
    for (const name of ['a', 'b', 'c', 'd']) fake.state.repositories.delete(name)
    let listed = 0
    fake.state.plan = (operation, _n, body) =>
      operation === 'DescribeRepositories' && !body.repositoryNames && ++listed > 1
        ? { error: 'AccessDeniedException' }
        : undefined
    await sweep()
    expect(shown()).toMatchObject({ a: 'NON_COMPLIANT', d: 'NON_COMPLIANT' })
    expect(note()).toContain('4 results before have no resource in a short listing; none was taken back.')
  })

  it('B9 one that is not short needs no second listing', async () => {
    for (const name of ['a', 'b', 'c']) fake.state.repositories.delete(name)
    fake.calls.length = 0
    await sweep()
    expect(listings()).toBe(1)
  })
})

describe('other types', () => {
  const least = 'role-registry-admin-restricted'

  it('a role that is gone is archived under the name AWS Config had for it', async () => {
    fake.state.iam.roles.push(role('auditor', undefined), role('admin', adminPolicy), role('puller', pullPolicy('app')))
    await audit(fake, sweepOf(least))
    expect(shown()[roleId('admin')]).toBe('NON_COMPLIANT')
    fake.state.iam.roles.splice(1, 1)
    const item = {
      resourceType: 'AWS::IAM::Role',
      resourceId: roleId('admin'),
      arn: roleArn('admin'),
      resourceName: 'admin',
    }
    fake.state.history = [{ configurationItems: [{ ...item, configurationItemStatus: 'ResourceDeleted' }] }]
    await audit(fake, sweepOf(least))
    expect(shown()[roleId('admin')]).toBe('NOT_APPLICABLE')
    expect(states().admin).toBe('ARCHIVED')
  })

  it('a role without history is taken back by a second listing, on AWS Config only', async () => {
    fake.state.iam.roles.push(role('auditor', undefined), role('admin', adminPolicy))
    await audit(fake, sweepOf(least))
    fake.state.iam.roles.splice(1, 1)
    await audit(fake, sweepOf(least))
    expect(shown()[roleId('admin')]).toBe('NOT_APPLICABLE')
    expect(states().admin).toBe('ACTIVE')
  })

  it('B10 no role is gone when the listing does not hold the own one', async () => {
    fake.state.iam.roles.push(role('auditor', undefined), role('admin', adminPolicy))
    await audit(fake, sweepOf(least))
    const roles = fake.state.iam.roles.splice(0)
    await invoke(fake, sweepOf(least), {
      rules: (await import('../../../shared/rules/index.ts')).rules,
      ownRole: 'auditor',
    }).catch(() => undefined)
    expect(roles).toHaveLength(2)
    expect(shown()[roleId('admin')]).toBe('NON_COMPLIANT')
  })

  it('a superseded revision loses its old verdict', async () => {
    const rule = 'ecs-execution-role-present'
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf(rule, definitionItem('web:1')))
    expect(shown()[definitionArn('web:1')]).toBe('COMPLIANT')
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:2'))
    await audit(fake, sweepOf(rule))
    expect(shown()[definitionArn('web:1')]).toBe('NOT_APPLICABLE')
    expect(fake.compliance.get(`AWS::ECS::TaskDefinition ${definitionArn('web:1')}`).Annotation).toMatch(
      /^Superseded by web:2/,
    )
  })

  it('a revision that an event named by its ARN keeps that id', async () => {
    const rule = 'ecs-execution-role-present'
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf(rule, definitionItem('web:1')))
    await audit(fake, sweepOf(rule))
    expect(Object.keys(shown()).sort()).toEqual(['111122223333', definitionArn('web:1')])
  })

  it('a cluster that stood for its node groups loses its verdict when both listings lack it', async () => {
    const rule = 'eks-node-role-least-privilege'
    fake.state.iam.roles.push(role('auditor', undefined), role('admin', adminPolicy, { service: 'ec2.amazonaws.com' }))
    fake.state.eks.clusters.push(eksCluster('blue'), eksCluster('green'))
    fake.state.eks.nodegroups.push(nodegroup('blue', 'a', 'admin'), nodegroup('green', 'b', 'admin'))
    await audit(fake, sweepOf(rule))
    expect(shown()).toMatchObject({ blue: 'NON_COMPLIANT', green: 'NON_COMPLIANT' })
    fake.state.eks.clusters.splice(0, 1)
    fake.state.eks.nodegroups.splice(0, 1)
    await audit(fake, sweepOf(rule))
    expect(shown()).toMatchObject({ blue: 'NOT_APPLICABLE', green: 'NON_COMPLIANT' })
    expect(told(fake).at(-1)).toEqual(['AWS::::Account', '111122223333', 'NOT_APPLICABLE'])
  })
})

it('a VPC that is gone is archived; one that a listing misses is judged with its network', async () => {
  const own = await startPullingAccount()
  try {
    serveCompliance(own)
    addIsolatedVpc(own)
    const sweepAt = (now: string) => warmAuditor(own)(sweepOfVpcs('vpc-ecr-endpoints-present'), now)
    const shownIn = () =>
      [...own.compliance.values()].map((one) => [one.ComplianceResourceId, one.ComplianceType]).sort()
    await sweepAt('2026-03-01T12:00:00.000Z')
    const both = own.state.ec2.vpcs.splice(0)
    const [first, second] = both
    own.state.ec2.vpcs.push(first)
    await sweepAt('2026-03-01T12:10:00.000Z')
    expect(shownIn()).toEqual([
      ['111122223333', 'NOT_APPLICABLE'],
      ['vpc-1', 'COMPLIANT'],
      ['vpc-2', 'NOT_APPLICABLE'],
    ])
    own.state.ec2.vpcs.push(second)
    await sweepAt('2026-03-01T12:20:00.000Z')
    let listed = 0
    own.state.plan = (operation) => (operation === 'DescribeVpcs' && ++listed === 1 ? { text: onlyFirst } : undefined)
    await sweepAt('2026-03-01T12:30:00.000Z')
    expect(shownIn()).toContainEqual(['vpc-2', 'NON_COMPLIANT'])
  } finally {
    await own.close()
  }
})
const onlyFirst =
  '<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId><state>available</state></item></vpcSet></DescribeVpcsResponse>'
