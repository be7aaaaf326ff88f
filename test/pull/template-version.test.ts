import { describe, expect, it, test } from 'vitest'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { versionHeld } from '../../shared/pull/template-version.ts'
import { imageWorkloads } from '../../shared/pull/workloads.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  ecsCluster,
  ecsService,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  nodegroup,
  privateVpc,
  role,
  roleArn,
  taskDefinition,
} from '../support/builders.ts'

const missing = (version: string) => ({
  state: 'missing',
  reason: `version ${version} of launch template nodes is not in the inventory`,
})
const assumed = (version: string) => ({
  state: 'held',
  assumptions: [`assumes that the inventory holds version ${version} of launch template nodes, not another`],
})
const held = { state: 'held', assumptions: [] }

/** A template with the numbers of its default and its newest version, in the words of AWS Config or of EC2. */
function templateWith(standard?: string | number, latest = standard) {
  const numbers = standard === undefined ? {} : { DefaultVersionNumber: standard, LatestVersionNumber: latest ?? 1 }
  const data = { IamInstanceProfile: { Name: 'node' }, SecurityGroupIds: ['sg-1'] }
  return launchTemplate({ configuration: { ...numbers, LaunchTemplateData: data } })
}

describe('the version of a launch template', () => {
  test.each([
    [undefined, undefined, '1', held],
    ['3', '3', undefined, held],
    ['3', '3', '$Latest', held],
    ['3', '3', '$Default', held],
    [3, 3, '3', held],
    ['3', '3', '1', missing('1')],
    ['1', '3', '2', missing('2')],
    ['1', '3', undefined, assumed('1')],
    ['1', '3', '$Default', assumed('1')],
    ['1', '3', '$Latest', assumed('3')],
    ['1', '3', '1', assumed('1')],
    ['1', '3', '3', assumed('3')],
  ])('with default %s and newest %s, used as %s', (standard, latest, wanted, expected) => {
    const [template] = inventoryOf([templateWith(standard, latest)]).launchTemplates
    if (template === undefined) throw new Error('no template')
    expect(versionHeld(template, wanted)).toEqual(expected)
  })
})

const chain = [
  ...privateVpc(),
  ecsService({ capacityProviders: ['nodes'] }),
  ecsCluster({ capacityProviders: ['nodes'] }),
  taskDefinition({ compatibilities: ['EC2'] }),
  capacityProvider('nodes', autoScalingGroupArn('nodes')),
  instanceProfile('node', roleArn('node')),
  role({ name: 'node' }),
]

describe('a node group', () => {
  const nodes = nodegroup({ configuration: { LaunchTemplate: { Id: 'lt-1', Version: '1' } } })

  it('has unknown groups when another version of its template is in the inventory', () => {
    const inventory = inventoryOf([...privateVpc(), nodes, templateWith('3')])
    expect(imageWorkloads(inventory)[0]?.interfaces).toMatchObject([
      { securityGroupIds: undefined, hasPublicIp: undefined },
    ])
  })

  it('rests on an assumption when another version may be', () => {
    const inventory = inventoryOf([...privateVpc(), nodes, templateWith('1', '3')])
    expect(imageWorkloads(inventory)[0]).toMatchObject({ interfaces: [{ securityGroupIds: ['sg-1'] }] })
    expect(pullsOfInventory(inventory)[0]?.assumptions).toEqual(assumed('1').assumptions)
  })
})

describe('instances of a service', () => {
  const groupOf = (version: string) =>
    autoScalingGroup({ configuration: { launchTemplate: { launchTemplateId: 'lt-1', version } } })

  it('have unknown groups and roles when another version makes them', () => {
    const inventory = inventoryOf([...chain, groupOf('1'), templateWith('3')])
    expect(imageWorkloads(inventory)[0]).toMatchObject({
      interfaces: [{ securityGroupIds: undefined, hasPublicIp: undefined }],
      pullers: { state: 'unknown', reason: 'version 1 of launch template nodes is not in the inventory' },
    })
  })

  it('rest on an assumption when the inventory may hold another version', () => {
    const inventory = inventoryOf([...chain, groupOf('1'), templateWith('1', '3')])
    const { assumptions } = assumed('1')
    expect(pullsOfInventory(inventory)[0]).toMatchObject({
      interfaces: [{ securityGroupIds: ['sg-1'] }],
      pullers: { state: 'known', value: [{ roleName: roleArn('node') }], assumptions },
      assumptions,
    })
  })

  it('rest on none when there is one version', () => {
    const inventory = inventoryOf([...chain, groupOf('$Latest'), templateWith('1')])
    expect(pullsOfInventory(inventory)[0]).not.toHaveProperty('assumptions')
  })

  it('of a group that mixes instances use the version of its own template', () => {
    const LaunchTemplateSpecification = { launchTemplateId: 'lt-1', version: '2' }
    const configuration = {
      launchTemplate: null,
      mixedInstancesPolicy: { launchTemplate: { LaunchTemplateSpecification } },
    }
    const inventory = inventoryOf([...chain, autoScalingGroup({ configuration }), templateWith('3')])
    expect(imageWorkloads(inventory)[0]?.pullers).toMatchObject({
      reason: 'version 2 of launch template nodes is not in the inventory',
    })
  })
})
