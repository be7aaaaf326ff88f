import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/model/errors.ts'
import { imageRules } from '../../../shared/rules/image-rules.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { holding, serviceArn, serviceChange, startRunningAccount, warmImageAuditor } from './image-scenario.ts'
import {
  account,
  definitionArn,
  eksCluster,
  fargateProfile,
  held,
  nodegroup,
  sweepOf,
  taskDefinition,
  told,
} from './role-scenario.ts'
import { addIsolatedVpc, addServiceOnInstances, service, timesCalled } from './vpc-scenario.ts'

const path = 'image-pull-path'
const exists = 'image-repository-exists'
const critical = 'image-free-of-critical-findings'
const pinned = 'image-pinned-by-digest'
const region = 'eu-central-1'

let fake: FakeAws
beforeEach(async () => {
  fake = await startRunningAccount()
})
afterEach(() => fake.close())

const denied = (name: string) => {
  fake.state.plan = (operation) => (operation === name ? { error: 'AccessDeniedException', status: 400 } : undefined)
}
const throttled = (name: string) => {
  fake.state.plan = (operation) => (operation === name ? { error: 'ThrottlingException', status: 400 } : undefined)
}
/** The sweep of a rule under the name AWS Config knows it by. */
const sweepNamed = (ruleId: string) => ({ ...sweepOf(ruleId), configRuleName: 'pullpath-probe' })

describe('a change of a service', () => {
  it.each([
    [pinned, 'COMPLIANT'],
    [exists, 'COMPLIANT'],
    [critical, 'COMPLIANT'],
    [path, 'COMPLIANT'],
    ['image-region-local', 'COMPLIANT'],
  ])('is judged by %s as the live service is: %s', async (rule, verdict) => {
    await warmImageAuditor(fake)(serviceChange(rule))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('web'), verdict]])
    expect(held(fake).map(([, , compliance]) => compliance).length).toBe(1)
  })

  it('is judged by what the registry says of the image', async () => {
    fake.state.services.set('ecr:DescribeImages', holding(2))
    await warmImageAuditor(fake)(serviceChange(critical))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('web'), 'NON_COMPLIANT']])
  })

  it('is judged by the network of the service', async () => {
    addIsolatedVpc(fake)
    await warmImageAuditor(fake)(serviceChange(path, 'other'))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('other'), 'NON_COMPLIANT']])
  })

  it('of a service on instances is judged by the networks these may be in', async () => {
    addServiceOnInstances(fake)
    await warmImageAuditor(fake)(serviceChange(path, 'batch'))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('batch'), 'NON_COMPLIANT']])
    // The instances of its capacity provider are in that subnet.
    expect(fake.evaluations[0].Annotation).toContain('Route table rtb-1 of subnet-1')
  })

  it('reads that service, and no other one', async () => {
    for (let n = 0; n < 30; n++) fake.state.ecs.services.push(service(`more-${n}`, ['subnet-1']))
    await warmImageAuditor(fake)(serviceChange(exists))
    expect([timesCalled(fake, 'DescribeServices'), timesCalled(fake, 'ListServices')]).toEqual([1, 0])
    expect([timesCalled(fake, 'DescribeRepositories'), timesCalled(fake, 'DescribeImages')]).toEqual([1, 1])
  })

  it.each([
    ['was deleted', () => fake.state.ecs.services.splice(0)],
    ['is shown as deleted', () => Object.assign(fake.state.ecs.services[0] ?? {}, { status: 'INACTIVE' })],
    [
      'lost its cluster',
      () => {
        fake.state.plan = (operation) =>
          operation === 'DescribeServices' ? { error: 'ClusterNotFoundException', status: 400 } : undefined
      },
    ],
  ])('that %s is taken back', async (_what, remove) => {
    remove()
    await warmImageAuditor(fake)(serviceChange(exists, 'web', { configurationItemStatus: 'ResourceDeleted' }))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('web'), 'NOT_APPLICABLE']])
  })

  it('that Config calls deleted and that is there is judged', async () => {
    await warmImageAuditor(fake)(serviceChange(exists, 'web', { configurationItemStatus: 'ResourceDeleted' }))
    expect(told(fake)).toEqual([['AWS::ECS::Service', serviceArn('web'), 'COMPLIANT']])
  })

  it.each(['DescribeServices', 'DescribeTaskDefinition', 'DescribeRepositories'])(
    'stays undetermined without %s',
    async (operation) => {
      denied(operation)
      await warmImageAuditor(fake)(serviceChange(exists))
      const [evaluation] = fake.evaluations
      expect(evaluation.Annotation).toMatch(/^Undetermined: /)
      expect(evaluation.Annotation).toContain(operation)
    },
  )

  it.each(['DescribeServices', 'DescribeTaskDefinition', 'DescribeRepositories'])(
    'makes the invocation fail when %s answers nothing just now',
    async (operation) => {
      throttled(operation)
      await expect(warmImageAuditor(fake)(serviceChange(exists))).rejects.toThrow(/could not be reached yet/)
    },
  )

  it('that has an ARN of old, without its cluster, is found in the listing, or gone from it', async () => {
    const arn = `arn:aws:ecs:${region}:${account}:service/web`
    const change = serviceChange(exists, 'web', { resourceId: arn, ARN: arn })
    const [web] = fake.state.ecs.services.splice(0)
    fake.state.ecs.services.push({ ...web, serviceArn: arn })
    await warmImageAuditor(fake)(change)
    denied('ListServices')
    await warmImageAuditor(fake)(change)
    fake.state.plan = () => undefined
    fake.state.ecs.services.splice(0)
    await warmImageAuditor(fake)(change)
    expect(told(fake).map(([, id, verdict]) => [id, verdict])).toEqual([
      [arn, 'COMPLIANT'],
      [arn, 'NON_COMPLIANT'],
      [arn, 'NOT_APPLICABLE'],
    ])
    expect(fake.evaluations[1].Annotation).toMatch(/^Undetermined: .*ecs:ListServices/)
  })

  it.each([
    ['another account', `arn:aws:ecs:${region}:999999999999:service/main/web`],
    ['another region', `arn:aws:ecs:us-east-1:${account}:service/main/web`],
    ['no service', `arn:aws:ecs:${region}:${account}:cluster/main`],
    ['no ARN', 'web'],
  ])('that names %s is refused', async (_what, id) => {
    const event = serviceChange(exists, 'web', { resourceId: id, ARN: null })
    await expect(warmImageAuditor(fake)(event)).rejects.toThrow(InputError)
    expect(told(fake)).toEqual([])
  })
})

it('a change of a service stays undetermined when the images of its repository cannot be listed', async () => {
  denied('DescribeImages')
  await warmImageAuditor(fake)(serviceChange(critical))
  expect(fake.evaluations.map(({ Annotation }) => Annotation)).toEqual([
    expect.stringMatching(/^Undetermined: .*ecr:DescribeImages failed with AccessDeniedException/),
  ])
})

describe('the sweep', () => {
  beforeEach(() => {
    serveCompliance(fake)
    const containerDefinitions = [{ name: 'main', image: `${account}.dkr.ecr.${region}.amazonaws.com/lost:1` }]
    fake.state.ecs.taskDefinitions.push(taskDefinition('idle:1', { containerDefinitions }))
    fake.state.ecs.services.push({ ...service('idle', ['subnet-1']), taskDefinition: definitionArn('idle:1') })
  })

  it('judges every service and says so of the account', async () => {
    await warmImageAuditor(fake)(sweepNamed(exists))
    expect(told(fake)).toEqual([
      ['AWS::ECS::Service', serviceArn('idle'), 'NON_COMPLIANT'],
      ['AWS::ECS::Service', serviceArn('web'), 'COMPLIANT'],
      ['AWS::::Account', account, 'NOT_APPLICABLE'],
    ])
  })

  it.each(imageRules.map(({ id }) => id))('says the same by %s as after a change of each service', async (rule) => {
    addIsolatedVpc(fake)
    addServiceOnInstances(fake)
    fake.state.services.set('ecr:DescribeImages', holding(2))
    const said = () =>
      fake.evaluations
        .splice(0)
        .filter(({ ComplianceResourceType: type }) => type === 'AWS::ECS::Service')
        .map(({ ComplianceResourceId: id, ComplianceType: verdict, Annotation }) => [id, verdict, Annotation])
    const names = ['batch', 'idle', 'other', 'web']
    for (const name of names) await warmImageAuditor(fake)(serviceChange(rule, name))
    const afterChanges = said()
    // Of a rule whose results before are not known everything is written.
    await warmImageAuditor(fake)({ ...sweepOf(rule), configRuleName: 'another' })
    expect(said()).toEqual(afterChanges)
    expect(afterChanges.map(([id]) => id)).toEqual(names.map(serviceArn))
  })

  it('takes back what is gone, and looks at it first', async () => {
    await warmImageAuditor(fake)(sweepNamed(exists))
    fake.state.ecs.services.splice(1)
    fake.evaluations.length = 0
    await warmImageAuditor(fake, { now: '2026-03-02T12:00:00.000Z' })({ ...sweepNamed(exists), ...laterSweep(exists) })
    expect(told(fake)).toContainEqual(['AWS::ECS::Service', serviceArn('idle'), 'NOT_APPLICABLE'])
    expect(told(fake)).not.toContainEqual(['AWS::ECS::Service', serviceArn('web'), 'NOT_APPLICABLE'])
  })

  it.each(['ListClusters', 'ListServices'])('takes nothing back and says so without %s', async (operation) => {
    await warmImageAuditor(fake)(sweepNamed(exists))
    fake.evaluations.length = 0
    denied(operation)
    await warmImageAuditor(fake, { now: '2026-03-02T12:00:00.000Z' })(laterSweep(exists))
    expect(told(fake).filter(([type]) => type === 'AWS::ECS::Service')).toEqual([])
    expect(fake.evaluations.at(-1)).toMatchObject({ ComplianceResourceType: 'AWS::::Account' })
    expect(fake.evaluations.at(-1).Annotation).toMatch(/^Undetermined: /)
  })

  it('follows the way of every image, and judges node groups and profiles besides', async () => {
    fake.state.eks.clusters.push(eksCluster('main'))
    fake.state.eks.nodegroups.push(nodegroup('main', 'blue', 'puller'))
    fake.state.eks.fargateProfiles.push({ ...fargateProfile, selectors: [{ namespace: 'kube-system' }] })
    await warmImageAuditor(fake)(sweepNamed(path))
    const verdicts = new Map(told(fake).map(([type, id, verdict]) => [`${type} ${id}`, verdict]))
    expect(verdicts.get(`AWS::ECS::Service ${serviceArn('web')}`)).toBe('COMPLIANT')
    expect(verdicts.get(`AWS::ECS::Service ${serviceArn('idle')}`)).toBe('NON_COMPLIANT')
    expect([...verdicts.keys()].filter((key) => !key.startsWith('AWS::ECS::Service'))).toEqual([
      'AWS::EKS::FargateProfile main|serverless',
      'AWS::EKS::Cluster main',
      `AWS::::Account ${account}`,
    ])
  })

  it('goes on with what a follow-up names, a profile as well as a service', async () => {
    fake.state.eks.clusters.push(eksCluster('main'))
    fake.state.eks.fargateProfiles.push({ ...fargateProfile, selectors: [{ namespace: 'kube-system' }] })
    const left = [{ id: serviceArn('web') }, { id: 'main|serverless', type: 'AWS::EKS::FargateProfile' }]
    const cursor = { hop: 1, judged: 3, dropped: 0, note: '', left }
    await warmImageAuditor(fake)({ source: 'pullpath.sweep', cursor, configEvent: sweepNamed(path) })
    expect(
      told(fake)
        .map(([type, id]) => `${type} ${id}`)
        .sort(),
    ).toEqual([
      `AWS::::Account ${account}`,
      `AWS::ECS::Service ${serviceArn('web')}`,
      'AWS::EKS::FargateProfile main|serverless',
    ])
    expect(fake.evaluations.at(-1).Annotation).toMatch(/^5 resources of type AWS::ECS::Service were judged/)
  })

  it('takes back results on node groups and profiles that are gone', async () => {
    fake.state.eks.clusters.push(eksCluster('main'))
    fake.state.eks.nodegroups.push(nodegroup('main', 'blue', 'puller'))
    fake.state.eks.fargateProfiles.push({ ...fargateProfile, selectors: [{ namespace: 'kube-system' }] })
    await warmImageAuditor(fake)(sweepNamed(path))
    fake.evaluations.length = 0
    fake.state.eks.nodegroups.splice(0)
    fake.state.eks.fargateProfiles.splice(0)
    await warmImageAuditor(fake, { now: '2026-03-02T12:00:00.000Z' })(laterSweep(path))
    expect(told(fake)).toContainEqual(['AWS::EKS::Cluster', 'main', 'NOT_APPLICABLE'])
    expect(told(fake)).toContainEqual(['AWS::EKS::FargateProfile', 'main|serverless', 'NOT_APPLICABLE'])
  })
})

/** The sweep of the next day. */
function laterSweep(ruleId: string) {
  const invokingEvent = JSON.stringify({
    ...{ awsAccountId: account, notificationCreationTime: '2026-03-02T11:00:00.000Z' },
    ...{ messageType: 'ScheduledNotification', recordVersion: '1.0' },
  })
  return { ...sweepNamed(ruleId), invokingEvent }
}
