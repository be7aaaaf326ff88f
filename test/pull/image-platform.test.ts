import { describe, expect, test } from 'vitest'
import { platformOf, runsOn } from '../../shared/pull/image-platform.ts'
import { ecsService, elsewhere, fargateProfile, inventoryOf, nodegroup, taskDefinition } from '../support/builders.ts'

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
    ['AL2_UNHEARD_OF', undefined],
    ['CUSTOM_x86_64', undefined],
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

  describe('of a service that names a family without a revision', () => {
    const arm = { RuntimePlatform: { CpuArchitecture: 'ARM64' } }
    const revision = (number: number, more: Parameters<typeof taskDefinition>[0] = {}) =>
      taskDefinition({ revision: number, ...more })
    const service = ecsService({ taskDefinition: 'web' })
    const platformIn = (parts: Parameters<typeof inventoryOf>[0]) => {
      const inventory = inventoryOf(parts)
      return platformOf(inventory, { arn: inventory.ecsServices[0]!.ref.arn, compute: 'fargateTask' })
    }

    test('is that of the newest, in whatever order they are listed', () => {
      const [one, two, ten] = [revision(1), revision(2, { configuration: arm }), revision(10, { configuration: arm })]
      expect(platformIn([service, one, two])).toBe('linux/arm64')
      expect(platformIn([service, two, one])).toBe('linux/arm64')
      expect(platformIn([service, ten, revision(9)])).toBe('linux/arm64')
      expect(platformIn([service, revision(9), ten])).toBe('linux/arm64')
      expect(platformIn([service, revision(0, { configuration: arm })])).toBe('linux/arm64')
    })

    test('is that of the newest that is active, or whose status is not stated', () => {
      const gone = revision(3, { status: 'INACTIVE', configuration: arm })
      expect(platformIn([service, revision(1), gone])).toBe('linux/amd64')
      expect(platformIn([service, gone])).toBeUndefined()
      expect(platformIn([service, revision(1), revision(2, { configuration: { ...arm, Status: null } })])).toBe(
        'linux/arm64',
      )
    })

    test('is not that of another family, region or account', () => {
      expect(platformIn([service, revision(1, { family: 'other' })])).toBeUndefined()
      expect(platformIn([service, elsewhere(revision(1), { region: 'eu-west-1' })])).toBeUndefined()
      expect(platformIn([service, elsewhere(revision(1), { accountId: '444455556666' })])).toBeUndefined()
    })
  })

  test('of a service that names a revision is that of it, newer ones or not', () => {
    const arm = taskDefinition({ revision: 2, configuration: { RuntimePlatform: { CpuArchitecture: 'ARM64' } } })
    const inventory = inventoryOf([ecsService({ taskDefinition: 'web:1' }), taskDefinition(), arm])
    const { arn } = inventory.ecsServices[0]!.ref
    expect(platformOf(inventory, { arn, compute: 'fargateTask' })).toBe('linux/amd64')
  })

  test('of a service that names no task definition is not known, and others are', () => {
    const inventory = inventoryOf([
      ecsService({ configuration: { TaskDefinition: null } }),
      ecsService({ name: 'api' }),
      taskDefinition(),
    ])
    const platforms = inventory.ecsServices.map(({ ref, name }) => [
      name,
      platformOf(inventory, { arn: ref.arn, compute: 'fargateTask' }),
    ])
    expect(Object.fromEntries(platforms)).toEqual({ web: undefined, api: 'linux/amd64' })
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
    [' linux/amd64 ', 'linux/amd64', true],
    ['linux/x86_64', 'linux/amd64', true],
    ['linux/x86-64', 'linux/amd64', true],
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
