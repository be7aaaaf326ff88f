import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RegistryType, readRegistry } from '../../../shared/sources/ecr/registry.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults, readerOf } from './reading.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const read = (type: RegistryType, timeout?: number) => readRegistry(readerOf(fake, timeout), [type])
const configurations = async (type: RegistryType) => {
  const { items } = await read(type)
  return items.map((item) => [item.resourceId, item.configuration, item.supplementaryConfiguration])
}
const operations: readonly (readonly [RegistryType, string])[] = [
  ['AWS::ECR::RegistryPolicy', 'GetRegistryPolicy'],
  ['AWS::ECR::RegistryScanningConfiguration', 'GetRegistryScanningConfiguration'],
  ['AWS::ECR::SigningConfiguration', 'GetSigningConfiguration'],
  ['AWS::ECR::PullThroughCacheRule', 'DescribePullThroughCacheRules'],
  ['AWS::ECR::RepositoryCreationTemplate', 'DescribeRepositoryCreationTemplates'],
]

describe('readRegistry', () => {
  it('reads the registry policy with its scope', async () => {
    fake.state.registryPolicy = '{"Statement":[]}'
    expect(await configurations('AWS::ECR::RegistryPolicy')).toEqual([
      ['111122223333', { RegistryId: '111122223333', PolicyText: '{"Statement":[]}' }, { policyScope: 'V2' }],
    ])
  })
  it.each(faults)('leaves the scope of the policy out when reading it %s', async (_name, fault, error, transience) => {
    fake.state.registryPolicy = '{"Statement":[]}'
    fake.state.plan = (operation) => (operation === 'GetAccountSetting' ? fault : undefined)
    const { items, gaps } = await read('AWS::ECR::RegistryPolicy', 'hang' in fault ? 100 : undefined)
    expect(items.map((item) => item.supplementaryConfiguration)).toEqual([{}])
    const reason = `ecr:GetAccountSetting failed with ${error}`
    expect(gaps).toEqual([
      {
        resourceType: 'AWS::ECR::RegistryPolicy',
        resourceArn: 'arn:aws:ecr:eu-central-1:111122223333:registry/111122223333',
        reason,
        transience,
      },
    ])
  })
  it('reads the scanning rules with their filters', async () => {
    const repositoryFilters = [{ filter: 'prod/*', filterType: 'WILDCARD' }]
    const rules = [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters }]
    fake.state.scanning = { scanType: 'ENHANCED', rules }
    const Rules = [
      { ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: 'prod/*', FilterType: 'WILDCARD' }] },
    ]
    expect(await configurations('AWS::ECR::RegistryScanningConfiguration')).toEqual([
      ['111122223333', { RegistryId: '111122223333', ScanType: 'ENHANCED', Rules }, {}],
    ])
  })
  it('reads signing rules, those without filters included', async () => {
    const signingProfileArn = 'arn:aws:signer:eu-central-1:111122223333:/signing-profiles/p'
    fake.state.signing = { rules: [{ signingProfileArn }] }
    expect(await configurations('AWS::ECR::SigningConfiguration')).toEqual([
      [
        '111122223333',
        { RegistryId: '111122223333', Rules: [{ SigningProfileArn: signingProfileArn, RepositoryFilters: [] }] },
        {},
      ],
    ])
  })
  it('reads cache rules and leaves out what ECR leaves out', async () => {
    fake.state.cacheRules = [
      { ecrRepositoryPrefix: 'public', upstreamRegistryUrl: 'public.ecr.aws', upstreamRegistry: 'ecr-public' },
    ]
    expect(await configurations('AWS::ECR::PullThroughCacheRule')).toEqual([
      [
        'public',
        { EcrRepositoryPrefix: 'public', UpstreamRegistryUrl: 'public.ecr.aws', UpstreamRegistry: 'ecr-public' },
        {},
      ],
    ])
  })
  it('reads every page of the cache rules', async () => {
    const rule = (n: number) => ({ ecrRepositoryPrefix: `p${n}`, upstreamRegistryUrl: 'quay.io' })
    fake.state.cacheRules = Array.from({ length: 101 }, (_, n) => rule(n))
    expect((await read('AWS::ECR::PullThroughCacheRule')).items.at(-1)?.resourceId).toBe('p100')
  })
  it('reads creation templates with their policies', async () => {
    fake.state.creationTemplates = [{ prefix: 'ROOT', appliedFor: ['REPLICATION'], repositoryPolicy: '{}' }]
    expect(await configurations('AWS::ECR::RepositoryCreationTemplate')).toEqual([
      ['ROOT', { Prefix: 'ROOT', AppliedFor: ['REPLICATION'], RepositoryPolicy: '{}' }, {}],
    ])
  })
  it.each(operations.filter(([, operation]) => operation !== 'GetRegistryScanningConfiguration'))(
    'takes a registry without %s as one that has none',
    async (type) => {
      const { items, coverage, gaps } = await read(type)
      expect([items, gaps, coverage.map((row) => row.status)]).toEqual([[], [], ['known']])
    },
  )
  it.each(operations.flatMap(([type, operation]) => faults.map((fault) => [type, operation, ...fault] as const)))(
    '%s is unknown when %s %s',
    async (type, operation, _name, fault, error, transience) => {
      fake.state.registryPolicy = '{}'
      fake.state.plan = (called) => (called === operation ? fault : undefined)
      const { items, coverage, gaps } = await read(type, 'hang' in fault ? 100 : undefined)
      const reason = `ecr:${operation} failed with ${error}`
      expect(items).toEqual([])
      expect(coverage).toMatchObject([{ resourceType: type, status: 'unknown', reason }])
      expect(gaps).toEqual([{ resourceType: type, reason, transience }])
    },
  )
  it.each([
    ['AWS::ECR::RegistryPolicy', { policyText: { Statement: [] } }],
    ['AWS::ECR::RegistryScanningConfiguration', { scanningConfiguration: { scanType: 'BASIC', rules: {} } }],
    ['AWS::ECR::RegistryScanningConfiguration', { scanningConfiguration: { scanType: 7, rules: [] } }],
    ['AWS::ECR::SigningConfiguration', { signingConfiguration: { rules: [{ signingProfileArn: true }] } }],
    ['AWS::ECR::PullThroughCacheRule', { pullThroughCacheRules: [{ ecrRepositoryPrefix: 'p' }] }],
    ['AWS::ECR::PullThroughCacheRule', { pullThroughCacheRules: [], nextToken: 'same' }],
    ['AWS::ECR::RepositoryCreationTemplate', { repositoryCreationTemplates: [{ prefix: 'p', appliedFor: 'ALL' }] }],
  ] as const)('%s is unknown when the answer is %j', async (type, answer) => {
    const operation = new Map(operations).get(type)
    fake.state.plan = (called) => (called === operation ? { answer } : undefined)
    const { items, coverage, gaps } = await read(type)
    expect([items, coverage.map((row) => row.status), gaps.map((gap) => gap.transience)]).toEqual([
      [],
      ['unknown'],
      ['passing'],
    ])
  })
})
