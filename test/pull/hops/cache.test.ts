import { describe, expect, it } from 'vitest'
import type { PullThroughCacheRule } from '../../../shared/inventory/ecr.ts'
import { absent, type Fact, known, unknown } from '../../../shared/model/fact.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { type FirstPull, firstPullAnswer } from '../../../shared/pull/hops/cache-first-pull.ts'
import { upstreamAnswer } from '../../../shared/pull/hops/cache-upstream.ts'
import { parseImageReference } from '../../../shared/pull/image-reference.ts'
import type { WorkloadPuller } from '../../../shared/pull/workloads.ts'
import {
  cacheRule,
  type EstatePart,
  imageUri,
  inventoryOf,
  notListed,
  policy,
  role,
  roleArn,
} from '../../support/builders.ts'
import { worldOf } from '../pull-world.ts'
import { pullersNamed, pullOf } from '../web-service.ts'

function ruleOf(more: Partial<PullThroughCacheRule> = {}): PullThroughCacheRule {
  const [rule] = inventoryOf([cacheRule('mirror', 'registry.example.com')]).pullThroughCacheRules
  return { ...rule!, ...more }
}

const secret = (name: string) => known(`arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`)

describe('the upstream of a cache rule', () => {
  it.each(['ecr-public', 'quay', 'k8s'])('%s asks for no login', (name) => {
    expect(upstreamAnswer(ruleOf({ upstreamRegistry: known(name), credentialArn: absent() }))).toMatchObject({
      status: 'pass',
      code: 'cache-upstream-public',
    })
  })

  it.each([
    'docker-hub',
    'github-container-registry',
    'azure-container-registry',
    'gitlab-container-registry',
    'chainguard',
  ])('%s asks for a login', (name) => {
    expect(upstreamAnswer(ruleOf({ upstreamRegistry: known(name), credentialArn: absent() }))).toMatchObject({
      status: 'fail',
      code: 'cache-without-credential',
      fix: 'Give the cache rule mirror a secret of Secrets Manager named ecr-pullthroughcache/…',
    })
  })

  it('that is not known may ask for a login', () => {
    const reason = 'whether the upstream registry.example.com asks for a login is not known'
    for (const upstreamRegistry of [known('unheard'), unknown<string>('not recorded')]) {
      expect(upstreamAnswer(ruleOf({ upstreamRegistry, credentialArn: absent() }))).toMatchObject({
        status: 'unknown',
        code: 'cache-upstream-not-known',
        missing: [reason],
      })
    }
  })

  it.each([
    ['ecr-pullthroughcache/hub', 'pass', 'cache-credential'],
    ['hub', 'fail', 'cache-credential-misnamed'],
    ['my-secret:ecr-pullthroughcache/hub', 'fail', 'cache-credential-misnamed'],
  ])('with the secret %s: %s', (name, status, code) => {
    const credentialArn = secret(name)
    expect(upstreamAnswer(ruleOf({ upstreamRegistry: known('docker-hub'), credentialArn }))).toMatchObject({
      status,
      code,
    })
  })

  it('with a secret takes for granted that it holds a login, and one that is no ARN has the wrong name', () => {
    const credentialArn = secret('ecr-pullthroughcache/hub')
    expect(upstreamAnswer(ruleOf({ credentialArn })).assumptions).toEqual([
      'assumes that the secret arn:aws:secretsmanager:eu-central-1:111122223333:secret:ecr-pullthroughcache/hub holds a valid login',
    ])
    expect(upstreamAnswer(ruleOf({ credentialArn: known('hub') })).code).toBe('cache-credential-misnamed')
  })

  const ofEcr = (url: string, customRoleArn: Fact<string> = absent()) =>
    upstreamAnswer(ruleOf({ upstreamRegistry: known('ecr'), upstreamRegistryUrl: url, customRoleArn }))

  it('that is ECR needs a role only in another account', () => {
    expect(ofEcr('111122223333.dkr.ecr.eu-central-1.amazonaws.com').code).toBe('cache-upstream-own')
    expect(ofEcr('https://111122223333.dkr.ecr.eu-central-1.amazonaws.com').code).toBe('cache-upstream-own')
    expect(ofEcr('444455556666.dkr.ecr.eu-central-1.amazonaws.com').code).toBe('cache-without-role')
    expect(ofEcr('444455556666.dkr.ecr.eu-central-1.amazonaws.com', known('arn:role'))).toMatchObject({
      code: 'cache-role',
      assumptions: ['assumes that account 444455556666 lets arn:role pull the image'],
    })
  })

  it.each(['registry.example.com', '', 'xhttps://111122223333.dkr.ecr.eu-central-1.amazonaws.com'])(
    'that is ECR of an account nobody can read from %j is open',
    (url) => {
      expect(ofEcr(url)).toMatchObject({
        status: 'unknown',
        code: 'cache-upstream-not-known',
        missing: [`the account of the upstream ${url} is not known`],
      })
    },
  )
})

const allowing = (Action: readonly string[], more: JsonObject = {}) =>
  policy({ Effect: 'Allow', Action: [...Action], Resource: '*', ...more })
const importing = ['ecr:BatchImportUpstreamImage']

function firstIn(
  parts: readonly EstatePart[],
  pullers: Fact<readonly WorkloadPuller[]>,
  more: Partial<FirstPull> = {},
) {
  const image = parseImageReference(imageUri('mirror/app:1'))
  if (image.kind !== 'ecrPrivate') throw new Error('not private')
  const rule = ruleOf({ upstreamRegistry: known('quay') })
  const pull = pullOf('fargateTask', { pullers })
  return firstPullAnswer(worldOf(parts), { image, rule, repositoryExists: true, pull, hasInternetPath: true, ...more })
}

const may = role({ name: 'may', inline: { all: allowing(importing) } })
const mayNot = role({ name: 'may-not' })
const perhaps = role({
  name: 'perhaps',
  inline: { all: allowing(importing, { Condition: { Bool: { 'aws:Unheard': 'true' } } }) },
})

describe('the first pull through a cache', () => {
  it('takes for granted that the upstream has the image, and what the permissions rest on', () => {
    const answer = firstIn([may, notListed('AWS::Organizations::Policy')], pullersNamed('may'))
    expect(answer).toMatchObject({
      status: 'pass',
      code: 'cache-first-pull',
      evidence: [{ source: 'pull-through cache rule mirror', detail: 'caches registry.example.com' }],
    })
    expect(answer.assumptions.map((text) => text.split(' (')[0])).toEqual([
      'assumes that registry.example.com has the image mirror/app',
      'assumes that no service control policy binding account 111122223333 denies it',
      'assumes that no resource control policy binding account 111122223333 denies it',
    ])
  })

  it.each([
    [['may', 'may'], 'pass', 'cache-first-pull'],
    [['may-not', 'may-not'], 'fail', 'missing-batch-import-upstream-image'],
    [['may', 'may-not'], 'unknown', 'cache-importers-differ'],
    [['may-not', 'perhaps'], 'unknown', 'cache-importers-differ'],
    [['may', 'perhaps'], 'unknown', 'cache-import-not-decided'],
    [['perhaps', 'may'], 'unknown', 'cache-import-not-decided'],
    [['gone'], 'unknown', 'cache-importer-not-known'],
  ] as const)('by the roles %j: %s', (names, status, code) => {
    expect(firstIn([may, mayNot, perhaps], pullersNamed(...names))).toMatchObject({ status, code })
  })

  it('by a role that does not exist, or that nobody could list, says which', () => {
    const arn = roleArn('gone')
    const action = 'ecr:BatchImportUpstreamImage'
    expect(firstIn([may], pullersNamed('gone')).missing).toEqual([
      `whether ${arn} may ${action}: the role ${arn} does not exist`,
    ])
    expect(firstIn([may, notListed('AWS::IAM::Role')], pullersNamed('gone')).missing[0]).toContain(
      'could not be listed',
    )
  })

  it('by nobody who is named is open', () => {
    for (const pullers of [known([]), absent<never>()]) {
      expect(firstIn([may], pullers).missing).toEqual(['the role that pulls for web: it names none'])
    }
    expect(firstIn([may], unknown<never>('nobody said')).missing).toEqual(['the role that pulls for web: nobody said'])
  })

  it('needs the repository to be created where there is none', () => {
    const both = role({ name: 'both', inline: { all: allowing([...importing, 'ecr:CreateRepository']) } })
    const parts = [may, both]
    expect(firstIn(parts, pullersNamed('may'), { repositoryExists: false })).toMatchObject({
      status: 'fail',
      code: 'missing-create-repository',
    })
    expect(firstIn(parts, pullersNamed('both'), { repositoryExists: false }).status).toBe('pass')
  })

  it.each([
    ['111122223333.dkr.ecr-fips.us-east-1.amazonaws.com', 'cache-first-pull-fips'],
    ['111122223333.dkr-ecr-fips.us-east-1.on.aws', 'cache-first-pull-fips'],
    ['111122223333.dkr-ecr.eu-central-1.on.aws', 'cache-first-pull'],
  ])('through the host %s is %s', (host, code) => {
    const image = parseImageReference(`${host}/mirror/app:1`)
    if (image.kind !== 'ecrPrivate') throw new Error(host)
    expect(firstIn([may], pullersNamed('may'), { image }).code).toBe(code)
  })

  it('from an upstream that is not known fails without a way to the internet', () => {
    const rule = ruleOf({ upstreamRegistry: unknown<string>('not recorded') })
    expect(firstIn([may], pullersNamed('may'), { rule, hasInternetPath: false }).code).toBe(
      'cache-first-pull-without-internet',
    )
  })
})
