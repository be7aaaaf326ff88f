import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../shared/model/fact.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import { type EstatePart, imageUri, inventoryOf, policy, repository, roleArn } from '../support/builders.ts'
import { estates } from './support/estates.ts'
import { partsOf, worldOfInventory } from './support/scenario.ts'

/** The first pull of an estate whose repository is open to one endpoint only. */
function firstPull(estate: string, endpointId: string) {
  const onlyThrough = policy({
    Effect: 'Deny',
    Principal: '*',
    Action: 'ecr:BatchGetImage',
    Condition: { StringNotEquals: { 'aws:SourceVpce': endpointId } },
  })
  const parts: readonly EstatePart[] = [...(estates[estate] ?? []), repository({ policy: onlyThrough })]
  const world = worldOfInventory(inventoryOf(parts))
  return { world, pull: pullsOfInventory(world.inventory)[0]! }
}

function hopOf(trace: ReturnType<typeof tracePull>, name: string) {
  return trace.hops.find(({ hop }) => hop === name)!
}

function onlyFor(name: string) {
  return policy({ Effect: 'Allow', Principal: { AWS: roleArn(name) }, Action: '*', Resource: '*' })
}

describe('a trace', () => {
  it('keeps what placing took for granted when there is no interface', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const assumptions = ['assumes that it runs somewhere']
    const trace = tracePull(world, { ...pull, interfaces: [], unplaced: 'nobody said where', assumptions })
    expect(hopOf(trace, 'source')).toMatchObject({ status: 'unknown', assumptions })
    expect(hopOf(trace, 'dns').assumptions).toEqual([])
  })

  it('shows by which way the requests come where a policy asks for it', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const trace = tracePull(world, pull)
    expect(hopOf(trace, 'pull-actions')).toMatchObject({ status: 'pass' })
    expect(hopOf(trace, 'pull-actions').evidence).toContainEqual({
      source: 'request',
      detail: 'the requests come through interface endpoint vpce-ecr-dkr',
    })
    expect(JSON.stringify(hopOf(trace, 'token').evidence)).not.toContain('come through')
  })

  it('asks again when the same pull comes from elsewhere in the same inventory', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    expect(tracePull(world, pull).verdict).toBe('pass')
    const stated = [{ vpcs: ['vpc-1'], services: ['ecr.dkr'] }]
    const unplaced = tracePull({ ...world, centralEndpoints: stated }, { ...pull, interfaces: [] })
    expect(hopOf(unplaced, 'pull-actions').code).toBe('pull-actions-undecided')
    expect(tracePull(world, pull).verdict).toBe('pass')
  })

  it('asks about the roles of each workload in the same inventory', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const gone = known([{ roleName: 'gone', puller: 'fargateTask' as const }])
    expect(hopOf(tracePull(world, pull), 'principal').status).toBe('pass')
    expect(hopOf(tracePull(world, { ...pull, pullers: gone }), 'principal').code).toBe('role-missing')
    expect(hopOf(tracePull(world, { ...pull, credentials: 'regcred' }), 'principal').code).toBe('credentials-of-secret')
    expect(hopOf(tracePull(world, pull), 'principal').status).toBe('pass')
  })

  it('asks the policies of endpoints for each role and each login in the same inventory', () => {
    const parts = partsOf({
      name: '',
      base: 'fargate',
      with: [{ $interfaceEndpoint: [{ service: 'ecr.api', policy: onlyFor('execution') }] }],
      verdict: 'pass',
    })
    const world = worldOfInventory(inventoryOf(parts))
    const [pull] = pullsOfInventory(world.inventory)
    const other = known([{ roleName: 'other', puller: 'fargateTask' as const }])
    const codeOf = (more: object) => hopOf(tracePull(world, { ...pull!, ...more }), 'endpoint-policy').code
    expect(codeOf({})).toBe('endpoint-policies-allow')
    expect(codeOf({ pullers: other })).toBe('endpoint-policy-without-pull')
    expect(codeOf({ pullers: other, credentials: 'regcred' })).toBe('endpoint-policy-undecided')
    expect(codeOf({})).toBe('endpoint-policies-allow')
  })

  it('asks the registry about the image it is about, and only there', () => {
    const repositories = 'arn:aws:ecr:*:*:repository/app'
    const onlyApp = policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: repositories })
    const parts = partsOf({
      name: '',
      base: 'fargate',
      with: [{ $interfaceEndpoint: [{ service: 'ecr.dkr', policy: onlyApp }] }],
      verdict: 'pass',
    })
    const world = worldOfInventory(inventoryOf([...parts, repository({ name: 'api' })]))
    const [pull] = pullsOfInventory(world.inventory)
    const codeOf = (image: string) => hopOf(tracePull(world, { ...pull!, image }), 'endpoint-policy').code
    expect(codeOf(imageUri('app:1'))).toBe('endpoint-policies-allow')
    expect(codeOf(imageUri('api:1'))).toBe('endpoint-policy-without-pull')
  })

  it('of a pull that works has nothing that fails or is missing, and its grades', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const trace = tracePull(world, pull)
    expect(trace).toMatchObject({ intermittent: [], verdict: 'pass', missing: [], firstBrokenHop: undefined })
    expect(trace.grades).toEqual({ privacy: 'A', leastPrivilege: 'B' })
  })

  it('takes for granted what placing did once, at its source', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const trace = tracePull(world, { ...pull, assumptions: ['assumes that it runs there'] })
    const holding = trace.hops.filter(({ assumptions }) => assumptions.includes('assumes that it runs there'))
    expect(holding.map(({ hop }) => hop)).toEqual(['source'])
  })

  it('asks for the token where instances or Windows fetch it inside of the VPC', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const early = { ...pull, workload: { ...pull.workload, platformVersion: '1.3.0' } }
    expect(hopOf(tracePull(world, early), 'ecr-api').code).toBe('token-outside-vpc')
    const instance = { ...early, workload: { ...early.workload, compute: 'containerInstance' as const } }
    expect(hopOf(tracePull(world, instance), 'ecr-api').code).toBe('reachable')
    const [only] = pull.interfaces
    const windows = { ...only!, operatingSystem: 'windows' as const }
    const first = { ...pull, workload: { ...pull.workload, platformVersion: '1.0.0' } }
    expect(hopOf(tracePull(world, { ...first, interfaces: [windows] }), 'ecr-api').code).toBe('reachable')
    expect(hopOf(tracePull(world, { ...first, interfaces: [only!, windows] }), 'ecr-api').code).toBe('reachable')
    expect(hopOf(tracePull(world, first), 'ecr-api').code).toBe('token-outside-vpc')
  })

  it('names what is missing once, the shortest first, then by the letter', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const unplaced = { ...pull, interfaces: [], unplaced: 'subnet z', image: imageUri('app:1') }
    const open = tracePull(world, { ...unplaced, pullers: unknown<never>('subnet a') })
    expect(open.missing).toEqual(['subnet a', 'subnet z'])
    const longer = tracePull(world, { ...unplaced, pullers: unknown<never>('role') })
    expect(longer.missing).toEqual(['role', 'subnet z'])
    const same = tracePull(world, { ...unplaced, pullers: unknown<never>('subnet z') })
    expect(same.missing).toEqual(['subnet z'])
  })

  it('decides with the platform that is given, else with that of the compute', () => {
    const parts = partsOf({ name: '', base: 'fargate', verdict: 'pass' })
    const images = {
      images: [{ imageDigest: `sha256:${'0'.repeat(64)}`, imageTags: ['1'], platforms: ['linux/arm64'] }],
    }
    const estate = parts.map((part) =>
      'item' in part && part.item.resourceType === 'AWS::ECR::Repository'
        ? { item: { ...part.item, supplementaryConfiguration: images } }
        : part,
    )
    const world = worldOfInventory(inventoryOf(estate))
    const [pull] = pullsOfInventory(world.inventory)
    expect(hopOf(tracePull(world, pull!), 'image-state').code).toBe('platform-mismatch')
    expect(hopOf(tracePull(world, { ...pull!, platform: 'linux/arm64' }), 'image-state').code).toBe('image-present')
  })

  it('mends the image it is about, though others of its registry were asked about before', () => {
    const world = worldOfInventory(inventoryOf(partsOf({ name: '', base: 'fargate', verdict: 'pass' })))
    const [pull] = pullsOfInventory(world.inventory)
    const fixOf = (image: string) => hopOf(tracePull(world, { ...pull!, image }), 'ecr-dkr').fix
    for (const name of ['nginx', 'redis']) {
      expect(fixOf(name)).toContain(`amazonaws.com/docker-hub/library/${name} once`)
      expect(fixOf(`public.ecr.aws/docker/${name}`)).toContain(`amazonaws.com/ecr-public/docker/${name} once`)
    }
    expect(fixOf('public.ecr.aws/other/nginx')).toContain('amazonaws.com/ecr-public/other/nginx once')
  })

  it('leaves open what a registry of one’s own says of the layers', () => {
    const world = worldOfInventory(inventoryOf(partsOf({ name: '', base: 'nat', verdict: 'pass' })))
    const [pull] = pullsOfInventory(world.inventory)
    const trace = tracePull(world, { ...pull!, image: 'registry.example.com/app:1' })
    expect(hopOf(trace, 'ecr-dkr')).toMatchObject({ status: 'pass', code: 'reachable' })
    expect(hopOf(trace, 'dns').status).toBe('pass')
    const own = tracePull(world, { ...pull!, image: 'registry.example.com:5000/app:1' })
    expect(hopOf(own, 'ecr-dkr')).toMatchObject({ status: 'unknown', code: 'registry-not-known' })
  })

  it('needs no time where no policy asks for it', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const { now: _, ...timeless } = world
    expect(tracePull(timeless, pull).verdict).toBe('pass')
  })
})
