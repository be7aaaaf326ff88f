import { describe, expect, it } from 'vitest'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { pullThroughCacheRuleOf } from '../../shared/inventory/ecr-pull-through-cache.ts'
import { registryOfScope, registryPolicyOf } from '../../shared/inventory/ecr-registry.ts'
import { repositoryOf } from '../../shared/inventory/ecr-repository.ts'
import { unreadTagsMark } from '../../shared/inventory/unread-tags.ts'
import { absent, type Fact, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'

const scope = { accountId: '111122223333', region: 'eu-west-1' }
const arn = 'arn:aws:ecr:eu-west-1:111122223333:repository/app'

function item(configuration: JsonObject, over: Partial<ConfigurationItem> = {}): ConfigurationItem {
  return {
    ...scope,
    resourceType: 'AWS::ECR::Repository',
    resourceId: 'app',
    resourceName: undefined,
    arn,
    captureTime: '2026-01-01T00:00:00.000Z',
    status: 'OK',
    configuration,
    supplementaryConfiguration: {},
    tags: new Map(),
    ...over,
  }
}

const policy = { Version: '2012-10-17', Statement: [] }
const text = JSON.stringify(policy)
const source = { json: policy, text, duplicateKeys: [] }

describe('a repository', () => {
  it('is read from what AWS Config writes', () => {
    const configuration = {
      RepositoryName: 'team/app',
      RepositoryPolicyText: text,
      LifecyclePolicy: { LifecyclePolicyText: text, RegistryId: '111122223333' },
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: false },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: 'k' },
    }
    expect(repositoryOf(item(configuration))).toEqual({
      ref: { type: 'AWS::ECR::Repository', id: 'app', arn, ...scope },
      observedAt: '2026-01-01T00:00:00.000Z',
      name: 'team/app',
      policy: known(source),
      lifecyclePolicy: known(source),
      tagMutability: known({ setting: 'IMMUTABLE', exclusionFilters: [] }),
      scanOnPush: known(false),
      encryption: known({ type: 'KMS', kmsKey: 'k' }),
      tags: known(new Map()),
      images: unknown(`the images of ${arn} are not listed`),
    })
  })

  it('is read from camelCase keys', () => {
    const repository = repositoryOf(
      item({
        repositoryName: 'x',
        repositoryPolicyText: text,
        lifecyclePolicy: { lifecyclePolicyText: text },
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
      }),
    )
    expect(repository).toMatchObject({
      name: 'x',
      policy: known(source),
      lifecyclePolicy: known(source),
      tagMutability: known({ setting: 'MUTABLE_WITH_EXCLUSION', exclusionFilters: ['dev-*'] }),
      scanOnPush: known(true),
      encryption: known({ type: 'AES256', kmsKey: undefined }),
    })
  })

  it('has no policy where AWS Config wrote nothing or {}, and unknown settings where they are missing', () => {
    for (const configuration of [{}, { RepositoryPolicyText: {}, LifecyclePolicy: {} }]) {
      expect(repositoryOf(item(configuration))).toMatchObject({
        name: 'app',
        policy: absent(),
        lifecyclePolicy: absent(),
        tagMutability: unknown(`the tag mutability of ${arn} is missing`),
        scanOnPush: unknown(`the scan-on-push setting of ${arn} is missing`),
        encryption: unknown(`the encryption configuration of ${arn} is missing`),
      })
    }
  })

  it('names the resource of a policy that cannot be read', () => {
    expect(repositoryOf(item({ RepositoryPolicyText: '{' })).policy).toEqual(
      unknown(`the repository policy of ${arn} is not valid JSON`),
    )
  })

  it('takes the scan flag of the supplementary configuration when its own is missing', () => {
    const supplementaryConfiguration = { scanningConfiguration: { scanOnPush: true } }
    expect(repositoryOf(item({}, { supplementaryConfiguration })).scanOnPush).toEqual(known(true))
    const own = { ImageScanningConfiguration: { ScanOnPush: false } }
    expect(repositoryOf(item(own, { supplementaryConfiguration })).scanOnPush).toEqual(known(false))
  })

  const filters = 'ImageTagMutabilityExclusionFilter'
  const mutability: readonly [name: string, listed: JsonObject, fact: unknown][] = [
    [
      'reads the filters of CloudFormation',
      { [`${filters}s`]: [{ [`${filters}Type`]: 'WILDCARD', [`${filters}Value`]: 'a*' }] },
      known({ setting: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['a*'] }),
    ],
    ['does not guess missing filters', {}, unknown(`the tag mutability exclusion filters of ${arn} are missing`)],
    [
      'does not guess filters of a new kind',
      { [`${filters}s`]: [{ FilterType: 'REGEX', Filter: 'a' }] },
      unknown(`the tag mutability exclusion filters of ${arn} are not of a known kind`),
    ],
  ]
  it.each(mutability)('%s', (_, listed, fact) => {
    const configuration = { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ...listed }
    expect(repositoryOf(item(configuration)).tagMutability).toEqual(fact)
  })
})

describe('a registry policy', () => {
  const registryArn = 'arn:aws:ecr:eu-west-1:111122223333:registry/111122223333'
  const over = { resourceType: 'AWS::ECR::RegistryPolicy', resourceId: '111122223333', arn: '111122223333' }

  it('has a scope only when the source says so, and an ARN of ours when AWS Config has none', () => {
    const view = registryPolicyOf(item({ PolicyText: policy }, over))
    expect(view.ref.arn).toBe(registryArn)
    expect(view.policy).toEqual(known(source))
    expect(view.scope).toEqual(
      unknown('the scope (V1 or V2) of the registry policy of 111122223333 in eu-west-1 is not recorded'),
    )
    expect(registryPolicyOf(item({}, { ...over, supplementaryConfiguration: { policyScope: 'V2' } })).scope).toEqual(
      known('V2'),
    )
  })

  it('without its text is unknown, with {} absent', () => {
    expect(registryPolicyOf(item({}, over)).policy).toEqual(
      unknown('the registry policy of 111122223333 in eu-west-1 has no text'),
    )
    expect(registryPolicyOf(item({ PolicyText: {} }, over)).policy).toEqual(absent())
  })
})

describe('a registry', () => {
  function registry(listings: Record<string, Fact<readonly ConfigurationItem[]>>) {
    return registryOfScope(scope, (type) => listings[type.replace('AWS::ECR::', '')] ?? unknown('not read'))
  }

  it('puts its listings together', () => {
    const one = registry({
      RegistryPolicy: absent(['assumes something']),
      RegistryScanningConfiguration: known([
        item({
          ScanType: 'BASIC',
          Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }],
        }),
      ]),
      SigningConfiguration: known([item({ Rules: [{ SigningProfileArn: 'p' }] })]),
      RepositoryCreationTemplate: known(
        [item({ Prefix: 'ROOT', AppliedFor: ['PULL_THROUGH_CACHE'], RepositoryPolicy: text })],
        ['assumes templates'],
      ),
    })
    expect(one).toMatchObject({
      policy: absent(['assumes something']),
      scanning: known({
        scanType: 'BASIC',
        rules: [{ frequency: 'SCAN_ON_PUSH', filters: [{ filter: '*', type: 'WILDCARD' }] }],
      }),
      signing: known([{ profileArn: 'p', filters: [] }]),
      creationTemplates: known(
        [{ prefix: 'ROOT', appliedFor: ['PULL_THROUGH_CACHE'], policy: known(source) }],
        ['assumes templates'],
      ),
    })
  })

  it('does not guess settings of an unknown shape', () => {
    const one = registry({
      RegistryScanningConfiguration: known([
        item({ ScanType: 'BASIC', Rules: [{ ScanFrequency: 'MANUAL', RepositoryFilters: ['*'] }] }),
      ]),
      SigningConfiguration: known([item({})]),
      RepositoryCreationTemplate: known([item({ Prefix: 'x' })]),
    })
    expect(one.policy).toEqual(unknown('not read'))
    const ending = 'of 111122223333 in eu-west-1 is incomplete or not of a known shape'
    expect(one.scanning).toEqual(unknown(`the scanning configuration ${ending}`))
    expect(one.signing).toEqual(unknown(`the signing configuration ${ending}`))
    expect(one.creationTemplates).toEqual(unknown(`the repository creation template x ${ending}`))
  })
})

describe('the tags of a repository', () => {
  const tags = new Map([['team', 'a']])
  const tagsOf = (configuration: JsonObject, over: Partial<ConfigurationItem> = {}) =>
    repositoryOf(item(configuration, over)).tags

  it('are those of the item, and there are none when it says so', () => {
    expect(tagsOf({}, { tags })).toEqual(known(tags))
    expect(tagsOf({ Tags: [] })).toEqual(known(new Map()))
    expect(tagsOf({})).toEqual(known(new Map()))
  })

  it.each([[[{ Key: 'team', Value: 'a' }]], [[{ key: 'team', value: 'a' }]], [{ key: 'team', value: 'a' }]])(
    'are taken from the configuration %j',
    (Tags) => {
      expect(tagsOf({ Tags })).toEqual(known(tags))
      expect(tagsOf({ Tags }, { saysNoTags: true })).toEqual(known(tags))
    },
  )

  it('are not known where the item says nothing of tags', () => {
    expect(tagsOf({}, { saysNoTags: true })).toEqual(unknown(`the tags of ${arn} were not read`))
    expect(tagsOf({ Tags: null }, { saysNoTags: true }).state).toBe('unknown')
  })

  it('are not known where they could not be read, for the reason that is given', () => {
    const supplementaryConfiguration = unreadTagsMark({ reason: 'throttled', transience: 'passing' })
    expect(tagsOf({}, { supplementaryConfiguration })).toEqual(
      unknown(`the tags of ${arn} were not read: throttled`, 'passing'),
    )
  })

  it('are not known where one of them cannot be read', () => {
    expect(tagsOf({ Tags: [{ Key: 'team', Value: 'a' }, { Key: 'x' }] }).state).toBe('unknown')
    expect(tagsOf({ Tags: ['team'] }).state).toBe('unknown')
  })
})

describe('a pull-through cache rule', () => {
  const ruleArn = 'arn:rule'
  const view = (configuration: JsonObject) =>
    pullThroughCacheRuleOf(item(configuration, { arn: ruleArn, resourceId: 'cache' }))

  it('as AWS Config records it leaves credential and role unknown', () => {
    expect(view({ EcrRepositoryPrefix: 'hub', UpstreamRegistryUrl: 'registry-1.docker.io' })).toMatchObject({
      prefix: 'hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
      upstreamRegistry: known('docker-hub'),
      credentialArn: unknown(`the credential of the pull-through cache rule ${ruleArn} is not recorded`),
      customRoleArn: unknown(`the custom role of the pull-through cache rule ${ruleArn} is not recorded`),
    })
  })

  it('that was read itself lacks what it does not name', () => {
    expect(view({ UpstreamRegistry: 'quay', CustomRoleArn: 'r' })).toMatchObject({
      prefix: 'cache',
      upstreamRegistry: known('quay'),
      credentialArn: absent(),
      customRoleArn: known('r'),
    })
  })

  it.each([
    ['public.ecr.aws', 'ecr-public'],
    ['quay.io', 'quay'],
    ['ghcr.io', 'github-container-registry'],
    ['registry.k8s.io', 'k8s'],
    ['https://me.azurecr.io/x', 'azure-container-registry'],
    ['registry.gitlab.com', 'gitlab-container-registry'],
    ['444455556666.dkr.ecr.us-east-1.amazonaws.com', 'ecr'],
  ])('knows the registry behind %s', (url, name) => {
    expect(view({ UpstreamRegistryUrl: url }).upstreamRegistry).toEqual(known(name))
  })

  it('does not guess the registry behind another host', () => {
    expect(view({ UpstreamRegistryUrl: 'quay.io.example.com' }).upstreamRegistry.state).toBe('unknown')
  })
})
