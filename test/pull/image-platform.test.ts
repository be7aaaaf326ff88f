import { describe, expect, test } from 'vitest'
import { platformOf, runsOn } from '../../shared/pull/image-platform.ts'
import { ecsService, fargateProfile, inventoryOf, nodegroup, taskDefinition } from '../support/builders.ts'

describe('the platform of a pull', () => {
  test.each([
    ['AL2_x86_64', 'linux/amd64'],
    ['AL2_x86_64_GPU', 'linux/amd64'],
    ['AL2_ARM_64', 'linux/arm64'],
    ['AL2023_ARM_64_STANDARD', 'linux/arm64'],
    ['AL2023_x86_64_NEURON', 'linux/amd64'],
    ['BOTTLEROCKET_ARM_64_FIPS', 'linux/arm64'],
    ['BOTTLEROCKET_x86_64_NVIDIA', 'linux/amd64'],
    ['WINDOWS_CORE_2022_x86_64', 'windows/amd64'],
    ['CUSTOM', undefined],
    ['SOMETHING_NEW', undefined],
  ])('of a node group with %s is %s', (AmiType, platform) => {
    const inventory = inventoryOf([nodegroup({ configuration: { AmiType } })])
    const { arn } = inventory.nodegroups[0]!.ref
    expect(platformOf(inventory, { arn, compute: 'node' })).toBe(platform)
    expect(platformOf(inventory, { arn: `${arn}#Pod/default/a`, compute: 'node' })).toBe(platform)
  })

  test('of a node group that does not tell is not known', () => {
    const inventory = inventoryOf([nodegroup()])
    expect(platformOf(inventory, { arn: inventory.nodegroups[0]!.ref.arn, compute: 'node' })).toBeUndefined()
  })

  test('of a pod on Fargate is Linux on x86', () => {
    const inventory = inventoryOf([fargateProfile()])
    const { arn } = inventory.fargateProfiles[0]!.ref
    expect(platformOf(inventory, { arn, compute: 'fargatePod' })).toBe('linux/amd64')
  })

  test.each([
    [undefined, 'linux/amd64'],
    [{ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' }, 'linux/arm64'],
    [{ cpuArchitecture: 'ARM64' }, 'linux/arm64'],
    [{ OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', CpuArchitecture: 'X86_64' }, 'windows/amd64'],
  ])('of a task on Fargate with the runtime platform %j is %s', (RuntimePlatform, platform) => {
    const inventory = inventoryOf([
      taskDefinition({ configuration: RuntimePlatform === undefined ? {} : { RuntimePlatform } }),
      ecsService(),
    ])
    const { arn } = inventory.ecsServices[0]!.ref
    expect(platformOf(inventory, { arn, compute: 'fargateTask' })).toBe(platform)
    const definition = inventory.taskDefinitions[0]!.ref.arn
    expect(platformOf(inventory, { arn: definition, compute: 'fargateTask' })).toBe(platform)
    expect(platformOf(inventory, { arn, compute: 'containerInstance' })).toBeUndefined()
  })

  test('of a service whose task definition is not there is not known', () => {
    const inventory = inventoryOf([ecsService()])
    const { arn } = inventory.ecsServices[0]!.ref
    expect(platformOf(inventory, { arn, compute: 'fargateTask' })).toBeUndefined()
  })
})

describe('an image runs on a platform', () => {
  test.each([
    ['linux/amd64', 'linux/amd64', true],
    ['Linux/AMD64', 'linux/amd64', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/aarch64', 'linux/arm64', true],
    ['linux/arm64', 'linux/amd64', false],
    ['windows/amd64', 'linux/amd64', false],
    ['linux/arm', 'linux/arm64', false],
    ['linux/constructor', 'linux/amd64', false],
  ])('%s on %s: %s', (offered, wanted, runs) => {
    expect(runsOn(offered, wanted)).toBe(runs)
  })
})
