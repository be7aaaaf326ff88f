import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  autoScalingGroup,
  eksCluster,
  elsewhere,
  fargateProfile,
  home,
  inventoryOf,
  launchTemplate,
  nodegroup,
  notListed,
  podIdentityAssociation,
  repository,
  roleArn,
} from '../support/builders.ts'

describe('EKS', () => {
  it('clusters have their OIDC issuer in either spelling', () => {
    const identity = { OpenIdConnectIssuerUrl: '', Identity: { Oidc: { Issuer: 'https://oidc.example/id/B' } } }
    const inventory = inventoryOf([
      eksCluster({ name: 'a', oidcIssuer: 'https://oidc.example/id/A' }),
      eksCluster({ name: 'b', configuration: identity }),
    ])
    expect(inventory.eksClusters.map(({ name, oidcIssuer }) => [name, oidcIssuer])).toEqual([
      ['a', 'https://oidc.example/id/A'],
      ['b', 'https://oidc.example/id/B'],
    ])
  })

  it('clusters of the same name in two regions are two', () => {
    const parts = [eksCluster(), elsewhere(eksCluster(), { region: 'us-east-1' })]
    expect(inventoryOf(parts).eksClusters.map(({ ref }) => ref.arn)).toEqual([
      'arn:aws:eks:eu-central-1:111122223333:cluster/main',
      'arn:aws:eks:us-east-1:111122223333:cluster/main',
    ])
  })

  it('node groups name their role and cluster', () => {
    expect(inventoryOf([nodegroup({ subnets: ['subnet-1'] })]).nodegroups).toMatchObject([
      {
        name: 'workers',
        clusterName: 'main',
        clusterArn: 'arn:aws:eks:eu-central-1:111122223333:cluster/main',
        nodeRoleArn: known(roleArn('node')),
        subnets: ['subnet-1'],
      },
    ])
  })

  it('node groups and Fargate profiles take names from the ARN when the properties are missing', () => {
    const configuration: JsonObject = { ClusterName: '', NodegroupName: '', NodeRole: '' }
    const profile: JsonObject = { ClusterName: '', FargateProfileName: '', PodExecutionRoleArn: '' }
    const inventory = inventoryOf([nodegroup({ configuration }), fargateProfile({ configuration: profile })])
    const group = inventory.nodegroups[0]!
    expect(group).toMatchObject({ name: 'workers', clusterName: 'main' })
    expect(group.nodeRoleArn).toEqual(unknown(`the node role of ${group.ref.arn} is missing`))
    const pods = inventory.fargateProfiles[0]!
    expect(pods).toMatchObject({ name: 'serverless', clusterName: 'main' })
    expect(pods.podExecutionRoleArn).toEqual(unknown(`the pod execution role of ${pods.ref.arn} is missing`))
  })

  it('node groups carry labels, image type and capacity, undefined when not stated', () => {
    const configuration: JsonObject = { Labels: { team: 'a' }, AmiType: 'AL2023_ARM_64_STANDARD', CapacityType: 'SPOT' }
    const stated = inventoryOf([nodegroup({ configuration })]).nodegroups[0]!
    expect([stated.labels, stated.amiType, stated.capacityType]).toEqual([
      new Map([['team', 'a']]),
      'AL2023_ARM_64_STANDARD',
      'SPOT',
    ])
    const silent = inventoryOf([nodegroup()]).nodegroups[0]!
    expect([silent.labels, silent.amiType, silent.capacityType]).toEqual([undefined, undefined, undefined])
    const odd = inventoryOf([nodegroup({ configuration: { Labels: { team: 1 } } })]).nodegroups[0]!
    expect(odd.labels).toBeUndefined()
  })

  it('Fargate profiles carry their selectors, of the API and of CloudFormation', () => {
    const selectors = (configuration: JsonObject) =>
      inventoryOf([fargateProfile({ configuration })]).fargateProfiles[0]!.selectors
    const expected = known([{ namespace: 'shop', labels: new Map([['tier', 'web']]) }])
    expect(selectors({ Selectors: [{ Namespace: 'shop', Labels: { tier: 'web' } }] })).toEqual(expected)
    expect(selectors({ Selectors: [{ Namespace: 'shop', Labels: [{ Key: 'tier', Value: 'web' }] }] })).toEqual(expected)
    expect(selectors({ Selectors: [{ namespace: 'shop' }] })).toEqual(known([{ namespace: 'shop', labels: new Map() }]))
    expect(selectors({ Selectors: [{ Labels: { tier: 'web' } }] }).state).toBe('unknown')
    expect(selectors({ Selectors: null }).state).toBe('unknown')
    expect(selectors({ Selectors: [{ Namespace: 'shop', Labels: { tier: 1 } }] }).state).toBe('unknown')
  })

  it('pod identity associations name the service account and its role', () => {
    expect(inventoryOf([podIdentityAssociation({ role: roleArn('app') })]).podIdentityAssociations).toMatchObject([
      { clusterName: 'main', namespace: 'default', serviceAccount: 'app', roleArn: roleArn('app') },
    ])
  })
})

describe('launch templates', () => {
  it('name an instance profile by ARN, by name, or not at all', () => {
    const profiles = ['arn:aws:iam::111122223333:instance-profile/a', 'b', undefined]
    const parts = profiles.map((instanceProfile, index) =>
      launchTemplate({ id: `lt-${index}`, ...(instanceProfile ? { instanceProfile } : {}) }),
    )
    expect(inventoryOf(parts).launchTemplates.map((one) => one.instanceProfile)).toEqual([
      known('arn:aws:iam::111122223333:instance-profile/a'),
      known('b'),
      absent(),
    ])
  })

  it('without their data, or in small letters, are read for what they are', () => {
    const part = launchTemplate()
    if (!('item' in part)) throw new Error('expected an item')
    const first = (configuration: JsonObject) =>
      inventoryOf([{ item: { ...part.item, configuration } }]).launchTemplates[0]?.instanceProfile
    expect(first({})).toMatchObject({ state: 'unknown' })
    expect(first({ launchTemplateData: { iamInstanceProfile: { name: 'a' } } })).toEqual(known('a'))
  })
})

describe('Auto Scaling groups', () => {
  const group = (configuration: JsonObject) => inventoryOf([autoScalingGroup({ configuration })]).autoScalingGroups[0]
  const none = { launchTemplate: null }
  const mixed = (inside: JsonObject) => ({ ...none, mixedInstancesPolicy: { launchTemplate: inside } })

  it('name their launch template, directly or in a mixed instances policy', () => {
    expect(group({})?.launchTemplate).toEqual(known('lt-1'))
    expect(group({ launchTemplate: { launchTemplateName: 'nodes' } })?.launchTemplate).toEqual(known('nodes'))
    const specification = {
      launchTemplateSpecification: { launchTemplateId: 'lt-2' },
      overrides: [{ instanceType: 'm' }],
    }
    expect(group(mixed(specification))?.launchTemplate).toEqual(known('lt-2'))
  })

  it('name the version of their launch template, as a text or a number', () => {
    const version = (stated: JsonObject) => group({ launchTemplate: stated })?.launchTemplateVersion
    expect(version({ launchTemplateId: 'lt-1', version: '$Latest' })).toBe('$Latest')
    expect(version({ launchTemplateId: 'lt-1', version: 3 })).toBe('3')
    expect(version({ launchTemplateId: 'lt-1' })).toBeUndefined()
    const specification = { launchTemplateSpecification: { launchTemplateId: 'lt-2', version: '7' } }
    expect(group(mixed(specification))?.launchTemplateVersion).toBe('7')
  })

  it('with a template of its own for some instance type leave the template open', () => {
    const override = { launchTemplateSpecification: { launchTemplateId: 'lt-3' } }
    const inside = { launchTemplateSpecification: { launchTemplateId: 'lt-2' }, overrides: [override] }
    expect(group(mixed(inside))?.launchTemplate).toMatchObject({ state: 'unknown' })
    expect(group(mixed({}))?.launchTemplate).toMatchObject({ state: 'unknown' })
  })

  it('may use a launch configuration instead', () => {
    const old = group({ ...none, launchConfigurationName: 'old' })
    expect(old).toMatchObject({ launchTemplate: absent(), launchConfiguration: known('old') })
    expect(group({})?.launchConfiguration).toEqual(absent())
  })

  it('have their subnets, from a text with commas or a list', () => {
    expect(group({ vpczoneIdentifier: 'subnet-1, subnet-2' })?.subnets).toEqual(['subnet-1', 'subnet-2'])
    expect(group({ vpczoneIdentifier: null, VPCZoneIdentifier: ['subnet-3'] })?.subnets).toEqual(['subnet-3'])
  })
})

describe('looking a repository up', () => {
  it('is known, absent where all were listed, and unknown where they were not', () => {
    expect(inventoryOf([repository()]).repository('app', home)).toMatchObject({
      state: 'known',
      value: { name: 'app' },
    })
    expect(inventoryOf([repository()]).repository('other', home)).toEqual(absent())
    expect(inventoryOf([notListed('AWS::ECR::Repository')]).repository('app', home)).toEqual(
      unknown('AWS::ECR::Repository could not be listed'),
    )
    expect(inventoryOf([repository()]).repository('app', { ...home, region: 'us-east-1' })).toEqual(
      unknown('no configuration item of account 111122223333 in us-east-1 was read'),
    )
  })
})
