import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { IAMClient } from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { listAutoScalingGroups } from '../../../shared/sources/instances/auto-scaling-groups.ts'
import { listInstanceProfiles } from '../../../shared/sources/instances/instance-profiles.ts'
import { listLaunchTemplates } from '../../../shared/sources/instances/launch-templates.ts'
import { permissions } from '../../../shared/sources/instances/permissions.ts'
import { joinReadings } from '../../../shared/sources/reading.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { actionsCalled } from '../readers.ts'

const account = '111122223333'
const groupArn = `arn:aws:autoscaling:eu-central-1:${account}:autoScalingGroup:0000:autoScalingGroupName/nodes`
const roleArn = `arn:aws:iam::${account}:role/node`

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fake.state.autoScaling.groups.push({
    AutoScalingGroupName: 'nodes',
    AutoScalingGroupARN: groupArn,
    LaunchTemplate: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes', Version: '$Latest' },
    VPCZoneIdentifier: 'subnet-1,subnet-2',
    Tags: [{ ResourceId: 'nodes', Key: '__proto__', Value: 'x', PropagateAtLaunch: true }],
  })
  fake.state.ec2.launchTemplateVersions.push(version(2))
  const CreateDate = '2026-01-01T00:00:00Z'
  fake.state.iam.instanceProfiles.push({
    Path: '/',
    InstanceProfileName: 'node',
    InstanceProfileId: 'AIPANODE',
    Arn: `arn:aws:iam::${account}:instance-profile/node`,
    CreateDate,
    Roles: [{ Path: '/', RoleName: 'node', RoleId: 'AROANODE', Arn: roleArn, CreateDate }],
  })
})
afterEach(() => fake.close())

/** A version of a launch template on the wire: both the default and the latest one, unless stated otherwise. */
function version(versionNumber: number, more: object = {}, data: object = {}) {
  return {
    launchTemplateId: 'lt-1',
    launchTemplateName: 'nodes',
    versionNumber,
    defaultVersion: true,
    latest: true,
    ...more,
    launchTemplateData: {
      imageId: `ami-${versionNumber}`,
      iamInstanceProfile: { name: 'node' },
      networkInterfaceSet: [{ deviceIndex: 0, associatePublicIpAddress: false, groupSet: { groupId: 'sg-1' } }],
      securityGroupIdSet: [],
      securityGroupSet: [],
      ...data,
    },
  }
}

async function read() {
  const { accountId, region } = fake.state
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const configuration = { region, credentials, maxAttempts: 1, endpoint: fake.endpoint }
  const reader = {
    accountId,
    region,
    readAt: '2026-03-01T12:00:00.000Z',
    callTimeout: 5_000,
    ec2: new EC2Client(configuration),
    autoScaling: new AutoScalingClient(configuration),
    iam: new IAMClient(configuration),
  }
  const groups = await listAutoScalingGroups(reader)
  const rest = await Promise.all([listLaunchTemplates(reader, groups.templates), listInstanceProfiles(reader)])
  return joinReadings([groups.reading, ...rest])
}

async function inventory() {
  const { items, coverage } = await read()
  const normalized = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  const types = coverage.map((row) => row.resourceType)
  return buildInventory({ items: normalized, types, coverage, assumeRecorded: true })
}

describe('what instances are made from', () => {
  it('leads from an Auto Scaling group to template, profile and role, with subnets and groups', async () => {
    const { autoScalingGroups, launchTemplates, instanceProfiles } = await inventory()
    expect(autoScalingGroups).toMatchObject([
      {
        ref: { arn: groupArn },
        name: 'nodes',
        launchTemplate: { state: 'known', value: 'lt-1' },
        launchConfiguration: { state: 'absent' },
        subnets: ['subnet-1', 'subnet-2'],
        tags: new Map([['__proto__', 'x']]),
      },
    ])
    expect(launchTemplates).toMatchObject([
      {
        ref: { id: 'lt-1', arn: `arn:aws:ec2:eu-central-1:${account}:launch-template/lt-1` },
        name: 'nodes',
        instanceProfile: { state: 'known', value: 'node' },
        securityGroupIds: { state: 'known', value: ['sg-1'] },
        associatePublicIp: { state: 'known', value: false },
      },
    ])
    expect(instanceProfiles).toMatchObject([{ name: 'node', roles: { state: 'known', value: [roleArn] } }])
  })

  it('is read over as many pages as it takes', async () => {
    const { autoScaling, ec2, iam } = fake.state
    const [group] = autoScaling.groups
    const [profile] = iam.instanceProfiles
    autoScaling.groups.push({ ...group, AutoScalingGroupName: 'two', AutoScalingGroupARN: `${groupArn}2` })
    ec2.launchTemplateVersions.push(version(1, { launchTemplateId: 'lt-2', launchTemplateName: 'two' }))
    iam.instanceProfiles.push({ ...profile, InstanceProfileName: 'two', Arn: `${profile.Arn}2` })
    for (const one of [autoScaling, ec2, iam]) one.pageSize = 1
    const { items, gaps } = await read()
    expect(gaps).toEqual([])
    expect(items.map((item) => item.resourceName)).toEqual(['nodes', 'two', 'nodes', 'two', 'node', 'two'])
  })

  it('does not state the data of a template whose default and latest versions differ in what matters', async () => {
    const { launchTemplateVersions } = fake.state.ec2
    launchTemplateVersions.splice(0, 1, version(1, { latest: false }), version(2, { defaultVersion: false }))
    expect((await inventory()).launchTemplates[0]?.instanceProfile).toMatchObject({ state: 'known', value: 'node' })
    const other = { iamInstanceProfile: { name: 'other' } }
    launchTemplateVersions.splice(1, 1, version(2, { defaultVersion: false }, other))
    expect((await inventory()).launchTemplates[0]?.instanceProfile.state).toBe('unknown')
  })

  it('does not state the data of a template of which a group uses a version that was not read', async () => {
    fake.state.autoScaling.groups[0].LaunchTemplate.Version = '2'
    expect((await inventory()).launchTemplates[0]?.instanceProfile.state).toBe('known')
    fake.state.autoScaling.groups[0].LaunchTemplate.Version = '1'
    expect((await inventory()).launchTemplates[0]?.instanceProfile.state).toBe('unknown')
  })

  it('leaves the template open for a group that uses several', async () => {
    const specification = { LaunchTemplateId: 'lt-1', Version: '$Default' }
    fake.state.autoScaling.groups[0] = {
      AutoScalingGroupName: 'nodes',
      AutoScalingGroupARN: groupArn,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: specification,
          Overrides: [{ InstanceType: 'm6i.large' }],
        },
      },
    }
    expect((await inventory()).autoScalingGroups[0]?.launchTemplate).toMatchObject({ value: 'lt-1' })
    const [override] = fake.state.autoScaling.groups[0].MixedInstancesPolicy.LaunchTemplate.Overrides
    override.LaunchTemplateSpecification = { LaunchTemplateId: 'lt-2' }
    expect((await inventory()).autoScalingGroups[0]?.launchTemplate.state).toBe('unknown')
  })

  it.each<readonly [string, string, string]>([
    ['DescribeAutoScalingGroups', 'autoscaling', 'AWS::AutoScaling::AutoScalingGroup'],
    ['DescribeLaunchTemplateVersions', 'ec2', 'AWS::EC2::LaunchTemplate'],
    ['ListInstanceProfiles', 'iam', 'AWS::IAM::InstanceProfile'],
  ])('leaves its type unknown when %s fails or answers with nothing', async (operation, service, resourceType) => {
    const faults: readonly (readonly [Fault, string, string])[] = [
      [{ error: 'AccessDenied', status: 403 }, 'AccessDenied', 'lasting'],
      [{ answer: {} }, 'MalformedAnswer', 'passing'],
    ]
    for (const [fault, error, transience] of faults) {
      fake.state.plan = (name) => (name === operation ? fault : undefined)
      const { gaps, coverage } = await read()
      expect(gaps).toEqual([{ resourceType, reason: `${service}:${operation} failed with ${error}`, transience }])
      expect(coverage.filter((row) => row.status === 'unknown').map((row) => row.resourceType)).toEqual([resourceType])
    }
  })

  it('has a permission for every call and a call for every permission', async () => {
    await read()
    expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
  })
})
