import { describe, expect, test } from 'vitest'
import { instanceRolesOf } from '../../shared/pull/instance-role.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsCluster,
  ecsService,
  elsewhere,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  roleArn,
} from '../support/builders.ts'

const rolesIn = (...parts: readonly EstatePart[]) => {
  const inventory = inventoryOf(parts)
  const [service] = inventory.ecsServices
  if (service === undefined) throw new Error('no service')
  return instanceRolesOf(inventory, service)
}
const service = ecsService({ capacityProviders: ['nodes'] })
const provider = capacityProvider('nodes', autoScalingGroupArn('nodes'))
const template = launchTemplate({ instanceProfile: 'instances' })
const profile = instanceProfile('instances', 'instance')
const unknownBecause = (reason: string) => ({ state: 'unknown', reason, transience: 'lasting' })

describe('the role of container instances', () => {
  test('follows provider, group, template and profile', () => {
    expect(rolesIn(service, provider, autoScalingGroup(), template, profile)).toEqual({
      state: 'known',
      value: ['instance'],
      assumptions: [],
    })
  })

  test('follows names and ARNs alike', () => {
    const arn = 'arn:aws:iam::111122223333:instance-profile/instances'
    const byName = autoScalingGroup({
      configuration: { launchTemplate: { launchTemplateName: 'nodes', version: '1' } },
    })
    expect(
      rolesIn(
        service,
        provider,
        byName,
        launchTemplate({ instanceProfile: arn }),
        instanceProfile('instances', roleArn('instance')),
      ),
    ).toMatchObject({ value: [roleArn('instance')] })
  })

  test('is that of every provider of a strategy, each once', () => {
    const two = ecsService({ capacityProviders: ['nodes', 'spare', 'FARGATE'] })
    const spare = [
      capacityProvider('spare', autoScalingGroupArn('spare')),
      autoScalingGroup({ name: 'spare', launchTemplate: 'lt-2' }),
      launchTemplate({ id: 'lt-2', name: 'spare', instanceProfile: 'spares' }),
    ]
    const estate = [two, provider, autoScalingGroup(), template, profile, ...spare]
    expect(rolesIn(...estate, instanceProfile('spares', 'other'))).toMatchObject({ value: ['instance', 'other'] })
    expect(rolesIn(...estate, instanceProfile('spares', 'instance'))).toMatchObject({ value: ['instance'] })
    expect(rolesIn(...estate)).toEqual(unknownBecause('instance profile spares is not in the inventory'))
  })

  test('of a service without a strategy is that of the providers of its cluster', () => {
    const onEc2 = ecsService({ launchType: 'EC2' })
    const cluster = ecsCluster({ capacityProviders: ['FARGATE', 'nodes'] })
    expect(rolesIn(onEc2, cluster, provider, autoScalingGroup(), template, profile)).toMatchObject({
      value: ['instance'],
    })
  })

  test('of a service that follows the default strategy of its cluster is that of its providers alone', () => {
    const followsDefault = ecsService({ configuration: { LaunchType: null } })
    const cluster = ecsCluster({ capacityProviders: ['spare', 'nodes'], defaults: ['nodes'] })
    expect(rolesIn(followsDefault, cluster, provider, autoScalingGroup(), template, profile)).toMatchObject({
      value: ['instance'],
    })
  })

  test.each<[string, readonly EstatePart[]]>([
    ['capacity provider nodes is not in the inventory', []],
    ['capacity provider nodes is not in the inventory', [elsewhere(provider, { region: 'eu-west-1' })]],
    [`Auto Scaling group ${autoScalingGroupArn('nodes')} is not in the inventory`, [provider]],
    ['launch template lt-1 is not in the inventory', [provider, autoScalingGroup()]],
    [
      'launch template lt-1 is not in the inventory',
      [provider, autoScalingGroup(), elsewhere(template, { region: 'eu-west-1' })],
    ],
    [
      'launch template nodes names no instance profile in the inventory',
      [provider, autoScalingGroup(), launchTemplate()],
    ],
    ['instance profile instances is not in the inventory', [provider, autoScalingGroup(), template]],
    [
      'instance profile instances is not in the inventory',
      [provider, autoScalingGroup(), template, elsewhere(profile, { accountId: '555555555555' })],
    ],
    ['instance profile instances has no role', [provider, autoScalingGroup(), template, instanceProfile('instances')]],
    [
      'Auto Scaling group nodes names no launch template in the inventory',
      [
        provider,
        autoScalingGroup({ configuration: { launchTemplate: null, launchConfigurationName: 'old' } }),
        template,
        profile,
      ],
    ],
  ])('is unknown: %s', (reason, parts) => {
    expect(rolesIn(service, ...parts)).toEqual(unknownBecause(reason))
  })

  test('is unknown where nothing says which instances the cluster has', () => {
    expect(rolesIn(ecsService({ launchType: 'EC2' }), ecsCluster({ capacityProviders: ['FARGATE'] }))).toEqual(
      unknownBecause(
        'the container instances of cluster arn:aws:ecs:eu-central-1:111122223333:cluster/main are not in the inventory',
      ),
    )
  })
})
