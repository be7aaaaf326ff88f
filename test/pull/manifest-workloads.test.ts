import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import type { ManifestWorkload } from '../../shared/pull/manifest-types.ts'
import { pullsOfManifests } from '../../shared/pull/manifest-workloads.ts'
import {
  type EstatePart,
  eksCluster,
  elsewhere,
  fargateProfile,
  role as iamRole,
  inventoryOf,
  nodegroup,
  repository,
} from '../support/builders.ts'

interface Place {
  readonly name: string
  readonly cluster?: string
  readonly account?: string
  readonly configuration?: JsonObject
}

/** A manifest of one image on places of an estate, and where its pods may run. */
interface Case {
  readonly name: string
  readonly clusters?: readonly string[]
  readonly groups?: readonly Place[]
  readonly profiles?: readonly Place[]
  readonly kind?: string
  readonly namespace?: string
  readonly selector?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  /** Last parts of the places' ARNs, in order: `nodegroup/main/blue`. */
  readonly on: readonly string[]
  /** Part of the assumptions of the pull at the same position; an empty text: none. */
  readonly assumes?: readonly string[]
  readonly unplaced?: string
}

const file = new URL('./cases/manifest-placement.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[]
const ecr = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'

function manifest(over: Partial<ManifestWorkload> = {}): ManifestWorkload {
  return {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    file: 'web.yaml',
    line: 1,
    images: [{ container: 'web', image: `${ecr}/web:v1`, init: false, pullPolicy: undefined }],
    serviceAccount: 'web',
    serviceAccountRead: true,
    imagePullSecrets: [],
    secretHosts: new Map(),
    nodeSelector: new Map(),
    labels: new Map(),
    ...over,
  }
}

const moved = (part: EstatePart, account: string | undefined) =>
  account === undefined ? part : elsewhere(part, { accountId: account })

function estateOf({ clusters, groups, profiles }: Case): readonly EstatePart[] {
  return [
    ...(clusters ?? []).map((name) => eksCluster({ name })),
    ...(groups ?? []).map(({ account, ...options }) => moved(nodegroup(options), account)),
    ...(profiles ?? []).map(({ account, ...options }) => moved(fargateProfile(options), account)),
  ]
}

const placeOf = (arn: string) => arn.split('#')[0]!.split(':').slice(5).join(':').split('/').slice(0, 3).join('/')

describe('the pods of a manifest', () => {
  test.each(cases)('$name', (one) => {
    const over: Partial<ManifestWorkload> = {
      ...(one.kind === undefined ? {} : { kind: one.kind }),
      ...(one.namespace === undefined ? {} : { namespace: one.namespace }),
      nodeSelector: new Map(Object.entries(one.selector ?? {})),
      labels: new Map(Object.entries(one.labels ?? {})),
    }
    const pulls = pullsOfManifests(inventoryOf(estateOf(one)), [manifest(over)])
    expect(pulls.map(({ workload }) => placeOf(workload.arn))).toEqual(one.on)
    for (const [index, part] of (one.assumes ?? []).entries()) {
      const assumptions = (pulls[index]!.assumptions ?? []).join('\n')
      if (part === '') expect(assumptions).toBe('')
      else expect(assumptions).toContain(part)
    }
    if (one.unplaced !== undefined) expect(pulls[0]!.unplaced).toContain(one.unplaced)
  })

  test('have a case for each name once', () => {
    expect(cases.length).toBeGreaterThanOrEqual(30)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })
})

describe('a pull of a manifest', () => {
  const estate = [eksCluster(), nodegroup({ name: 'blue' })]

  test('is that of its node group, in the name of the object', () => {
    const [pull, ...others] = pullsOfManifests(inventoryOf(estate), [manifest()])
    expect(others).toEqual([])
    expect(pull).toMatchObject({
      workload: {
        type: 'Kubernetes::Deployment',
        name: 'shop/web',
        scope: { accountId: '111122223333', region: 'eu-central-1' },
        compute: 'node',
      },
      image: `${ecr}/web:v1`,
      pullers: { state: 'known', value: [{ roleName: 'arn:aws:iam::111122223333:role/node', puller: 'eksNode' }] },
    })
    expect(pull!.workload.arn).toMatch(/:nodegroup\/main\/blue\/[\w-]+#Deployment\/shop\/web$/)
    expect(pull).not.toHaveProperty('assumptions')
    expect(pull).not.toHaveProperty('credentials')
    expect(pull).not.toHaveProperty('profile')
  })

  test('of a Fargate profile names the profile and its role', () => {
    const [pull] = pullsOfManifests(inventoryOf([fargateProfile()]), [manifest({ namespace: 'default' })])
    expect(pull).toMatchObject({
      workload: { compute: 'fargatePod' },
      profile: { clusterName: 'main', name: 'serverless' },
      pullers: { value: [{ roleName: 'arn:aws:iam::111122223333:role/pods', puller: 'eksFargatePod' }] },
    })
  })

  test('is made once for an image of several containers, and not for one that is never pulled', () => {
    const of = (image: string, pullPolicy?: string) => ({ container: 'c', image, init: false, pullPolicy })
    const images = [of('a'), of('b', 'Never'), of('a', 'Always'), of('c', 'IfNotPresent')]
    const pulls = pullsOfManifests(inventoryOf(estate), [manifest({ images })])
    expect(pulls.map(({ image }) => image)).toEqual(['a', 'c'])
  })

  test('without any manifest does not exist', () => {
    expect(pullsOfManifests(inventoryOf(estate), [])).toEqual([])
  })

  test('without any cluster is unplaced, in the account of the image', () => {
    const [pull] = pullsOfManifests(inventoryOf([]), [manifest({ serviceAccountRead: false })])
    expect(pull).toMatchObject({
      workload: { arn: 'kubernetes#Deployment/shop/web', scope: { accountId: '111122223333', region: 'eu-central-1' } },
      interfaces: [],
      unplaced: 'no EKS cluster is in the inventory',
      pullers: { state: 'unknown', reason: 'the role of the nodes: no EKS cluster is in the inventory' },
    })
    expect(pull!.assumptions).toEqual([
      'assumes that service account shop/web, which is in no manifest, brings no image pull secret',
      'assumes that Deployment shop/web runs in account 111122223333, eu-central-1: no EKS cluster is in the inventory',
    ])
  })

  test('assumes what nobody read and that a runtime class chooses no nodes', () => {
    const [pull] = pullsOfManifests(inventoryOf(estate), [
      manifest({ serviceAccountRead: false, runtimeClass: 'kata' }),
    ])
    expect(pull!.assumptions).toEqual([
      'assumes that service account shop/web, which is in no manifest, brings no image pull secret',
      'assumes that runtime class kata chooses no other nodes',
    ])
  })

  test('with the role of KEP-4412 leaves open who pulls', () => {
    const role = 'arn:aws:iam::111122223333:role/images'
    const [pull] = pullsOfManifests(inventoryOf(estate), [manifest({ ecrRoleAnnotation: role })])
    expect(pull!.pullers).toMatchObject({ state: 'unknown' })
    expect(pull!.pullers.state === 'unknown' && pull!.pullers.reason).toBe(
      `whether the nodes' credential provider uses the role ${role} that service account shop/web names`,
    )
  })
})

describe('image pull secrets', () => {
  const login = (
    secrets: readonly string[],
    hosts: Readonly<Record<string, readonly string[]>>,
    image = `${ecr}/web:v1`,
  ) => {
    const images = [{ container: 'c', image, init: false, pullPolicy: undefined }]
    const secretHosts = new Map(Object.entries(hosts))
    const of = manifest({ images, imagePullSecrets: secrets, secretHosts })
    return pullsOfManifests(inventoryOf([nodegroup()]), [of])[0]!.credentials
  }
  const workAround = ' (a work-around: logins of ECR are valid for 12 hours)'

  test.each<[string, Parameters<typeof login>, string | undefined]>([
    ['for the registry of the image are its credentials', [['a'], { a: [ecr] }], `image pull secret a${workAround}`],
    ['with a wildcard too', [['a'], { a: ['*.dkr.ecr.*.amazonaws.com'] }], `image pull secret a${workAround}`],
    ['for another registry do not matter', [['a'], { a: ['quay.io'] }], undefined],
    [
      'for ECR of another account do not matter',
      [['a'], { a: ['444455556666.dkr.ecr.eu-central-1.amazonaws.com'] }],
      undefined,
    ],
    [
      'that nobody read may be its credentials',
      [['a'], {}],
      `image pull secret a, whose registry is in no manifest${workAround}`,
    ],
    [
      'that matter are counted',
      [['q', 'a', 'b'], { q: ['quay.io'], a: [ecr] }],
      `image pull secret a and 1 more${workAround}`,
    ],
    ['for Docker Hub are those of short names', [['a'], { a: ['index.docker.io'] }, 'nginx'], 'image pull secret a'],
    ['do not matter for what is no image', [['a'], {}, 'APP:'], undefined],
    ['may be none', [[], {}], undefined],
  ])('%s', (_, question, credentials) => {
    expect(login(...question)).toBe(credentials)
  })
})

describe('a manifest without a cluster in the inventory', () => {
  test('is taken to run where its image lies, and says so', () => {
    const [pull] = pullsOfManifests(inventoryOf([]), [manifest()])
    expect(pull?.workload.scope).toEqual({ accountId: '111122223333', region: 'eu-central-1' })
    expect(pull?.assumptions?.[0]).toBe(
      'assumes that Deployment shop/web runs in account 111122223333, eu-central-1: no EKS cluster is in the inventory',
    )
  })

  test('whose image lies elsewhere is taken to run where the inventory comes from', () => {
    const images = [{ container: 'web', image: 'nginx:1', init: false, pullPolicy: undefined }]
    const scopeIn = (parts: readonly EstatePart[]) =>
      pullsOfManifests(inventoryOf(parts), [manifest({ images })])[0]?.workload.scope
    expect(scopeIn([iamRole({ name: 'reader' }), repository()])).toEqual({
      accountId: '111122223333',
      region: 'eu-central-1',
    })
  })
})

describe('several Fargate profiles that take a pod', () => {
  test('leave the first by name, in whatever order they are listed', () => {
    const selectors = { configuration: { Selectors: [{ Namespace: 'shop' }] } }
    const named = (...names: readonly string[]) => names.map((name) => fargateProfile({ name, ...selectors }))
    for (const names of [
      ['blue', 'green', 'amber'],
      ['amber', 'blue', 'green'],
      ['green', 'amber', 'blue'],
    ]) {
      const inventory = inventoryOf([eksCluster(), ...named(...names)])
      expect(pullsOfManifests(inventory, [manifest()]).map(({ profile }) => profile?.name)).toEqual(['amber'])
    }
  })

  test('take it only by a label whose name and value both fit', () => {
    const selectors = { configuration: { Selectors: [{ Namespace: 'shop', Labels: [{ Key: 'tier', Value: 'web' }] }] } }
    const inventory = inventoryOf([eksCluster(), fargateProfile(selectors)])
    const profileOf = (labels: Readonly<Record<string, string>>) =>
      pullsOfManifests(inventory, [manifest({ labels: new Map(Object.entries(labels)) })])[0]?.profile?.name
    expect(profileOf({ tier: 'data', role: 'web' })).toBeUndefined()
  })
})

test('no manifest has no pull', () => {
  expect(pullsOfManifests(inventoryOf([eksCluster(), nodegroup()]), [])).toEqual([])
})
