import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracesOfWorkload } from '../../shared/pull/traces.ts'
import { imageWorkloads } from '../../shared/pull/workloads.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  type EstatePart,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  nodegroup,
  policy,
  privateVpc,
  role,
  roleArn,
  trustOf,
} from '../support/builders.ts'
import { worldOfInventory } from './support/scenario.ts'

const node = role({
  name: 'node',
  trust: trustOf('ec2.amazonaws.com'),
  inline: { pull: policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }) },
})

function groupWith(tags: Readonly<Record<string, string>>): EstatePart {
  const part = autoScalingGroup({ subnets: ['subnet-1', 'subnet-2'] })
  if (!('item' in part)) throw new Error('no item')
  return { item: { ...part.item, tags: { ...tags } } }
}

function templateWithGroup(id: string): EstatePart {
  const part = launchTemplate({ instanceProfile: 'node' })
  if (!('item' in part)) throw new Error('no item')
  const configuration = part.item.configuration as JsonObject
  const data = configuration.LaunchTemplateData as JsonObject
  return {
    item: {
      ...part.item,
      configuration: { ...configuration, LaunchTemplateData: { ...data, SecurityGroupIds: [id] } },
    },
  }
}

function estateOf(tags: Readonly<Record<string, string>>, ...more: readonly EstatePart[]) {
  const chain = [groupWith(tags), templateWithGroup('sg-1'), instanceProfile('node', roleArn('node')), node]
  return inventoryOf([...privateVpc(), ...chain, ...more])
}

const owned = { 'kubernetes.io/cluster/main': 'owned' }

describe('an Auto Scaling group of nodes that no node group manages', () => {
  it('pulls with the role of its instance profile, filtered by the groups of its launch template', () => {
    const [workload, ...others] = imageWorkloads(estateOf(owned))
    expect(others).toEqual([])
    expect(workload).toMatchObject({
      type: 'AWS::AutoScaling::AutoScalingGroup',
      arn: autoScalingGroupArn('nodes'),
      name: 'nodes',
      compute: 'node',
      pullers: { value: [{ roleName: roleArn('node'), puller: 'eksNode' }] },
    })
    expect(workload?.interfaces.map(({ subnetId, securityGroupIds }) => [subnetId, securityGroupIds])).toEqual([
      ['subnet-1', ['sg-1']],
      ['subnet-2', ['sg-1']],
    ])
  })

  it('needs the add-ons of the region, and its pulls are traced', () => {
    const inventory = estateOf(owned)
    expect(pullsOfInventory(inventory)).toHaveLength(3)
    const traces = tracesOfWorkload(worldOfInventory(inventory), autoScalingGroupArn('nodes'))
    expect(traces.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass'])
  })

  it('is known by either tag', () => {
    expect(imageWorkloads(estateOf({ 'eks:cluster-name': 'main' }))).toHaveLength(1)
    expect(imageWorkloads(estateOf({ 'kubernetes.io/cluster/main': 'shared' }))).toEqual([])
    expect(imageWorkloads(estateOf({ Name: 'batch' }))).toEqual([])
  })

  it('is not one behind a managed node group, which is there already', () => {
    const managed = { ...owned, 'eks:cluster-name': 'main', 'eks:nodegroup-name': 'workers' }
    const types = imageWorkloads(estateOf(managed, nodegroup())).map(({ type }) => type)
    expect(types).toEqual(['AWS::EKS::Nodegroup'])
  })
})
