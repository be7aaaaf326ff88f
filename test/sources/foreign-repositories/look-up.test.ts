import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { aggregatorAccess } from '../../../shared/sources/foreign-repositories/aggregator-access.ts'
import { foreignExpression } from '../../../shared/sources/foreign-repositories/expression.ts'
import { type ForeignLookUp, foreignLookUp } from '../../../shared/sources/foreign-repositories/look-up.ts'
import { permissions } from '../../../shared/sources/foreign-repositories/permissions.ts'
import { configQueryService, emptyConfig, type FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeSts, fakeSts, stsService } from '../../support/fake-aws/sts.ts'
import { actionsCalled } from '../readers.ts'

const hub = '999999999999'
const other = { accountId: '444455556666', region: 'eu-west-1' }
const roleArn = `arn:aws:iam::${hub}:role/pullpath-aggregator-reader`
const start = Date.parse('2026-03-01T12:00:00.000Z')
const minute = 60_000

let aws: FakeAws
let config: FakeConfig
let sts: FakeSts
let lookUp: ForeignLookUp
beforeEach(async () => {
  aws = await startFakeAws()
  config = emptyConfig()
  config.aggregators.set('hub', [source('SUCCEEDED')])
  aws.state.services.set('config', configQueryService({ accountId: hub, region: 'eu-central-1' }, config))
  // The session belongs to the hub once the role was entered.
  sts = fakeSts(hub)
  sts.roles.set(roleArn, { externalId: 'secret-1' })
  aws.state.services.set('sts', stsService(sts))
  config.items.push(
    item('AWS::ECR::Repository', 'base', { RepositoryName: 'base', RepositoryPolicyText: {} }),
    recorder(),
  )
  lookUp = connected()
})
afterEach(() => aws.close())

function connected(externalId = 'secret-1'): ForeignLookUp {
  const shared = { region: 'eu-central-1', maxAttempts: 1, endpoint: aws.endpoint }
  const own = { accessKeyId: 'own', secretAccessKey: 'own' }
  type Credentials = () => Promise<AwsCredentialIdentity>
  return foreignLookUp(
    aggregatorAccess(
      { roleArn, externalId, aggregator: 'hub' },
      {
        sts: new STSClient({ ...shared, credentials: own }),
        stsWith: (credentials: Credentials) => new STSClient({ ...shared, credentials }),
        configWith: (credentials: Credentials) => new ConfigServiceClient({ ...shared, credentials }),
        ...{ sessionName: 'pullpath-role-permission-auditor', now: () => start },
      },
    ),
  )
}

function source(LastUpdateStatus: string) {
  return { SourceType: 'ACCOUNT', SourceId: other.accountId, AwsRegion: other.region, LastUpdateStatus }
}

function item(resourceType: string, resourceId: string, configuration: JsonObject): JsonObject {
  return {
    ...{ version: '1.3', accountId: other.accountId, awsRegion: other.region, resourceType, resourceId },
    ...{ resourceName: resourceId, configurationItemStatus: 'OK', tags: {}, relationships: [], configuration },
    ...{ configurationItemCaptureTime: '2026-03-01T11:00:00.000Z', supplementaryConfiguration: {} },
    arn: `arn:aws:ecr:${other.region}:${other.accountId}:repository/${resourceId}`,
  }
}

function recorder(RecordingGroup: JsonObject = { AllSupported: true }): JsonObject {
  return item('AWS::Config::ConfigurationRecorder', 'default', { Name: 'default', RecordingGroup })
}

const find = (names: readonly string[] = ['base'], at = start, with_ = lookUp) =>
  with_(
    { accountId: '111122223333', region: 'eu-central-1', readAt: new Date(at).toISOString(), callTimeout: 1_000 },
    other,
    names,
  )
const shown = async (...asked: Parameters<typeof find>) => {
  const { items, coverage, gaps } = await find(...asked)
  return {
    items: items.map(({ resourceType, resourceId }) => `${resourceType} ${resourceId}`),
    rows: coverage.map(({ accountId, region, resourceType, status, reason }) => {
      expect([accountId, region]).toEqual([other.accountId, other.region])
      return [resourceType.split('::')[2], status, reason].filter(Boolean).join(' ')
    }),
    gaps: gaps.map(({ resourceArn, transience }) => `${resourceArn} ${transience}`),
  }
}
const calls = () => aws.calls.map(({ operation }) => operation)

describe('a repository of another account', () => {
  it('is looked up by the exact role, in its account and region, by its name and no other', async () => {
    config.items.push(item('AWS::ECR::Repository', 'other', {}))
    expect(await shown()).toEqual({
      items: ['AWS::ECR::Repository base'],
      rows: ['Repository unknown only what workloads name was read', 'RegistryPolicy known'],
      gaps: [],
    })
    expect(calls().slice(0, 3)).toEqual([
      ...['AssumeRole', 'GetCallerIdentity', 'DescribeConfigurationAggregatorSourcesStatus'],
    ])
    const actions = actionsCalled(aws).filter((action) => action !== 'sts:GetCallerIdentity')
    expect(actions).toEqual(permissions.map(({ action }) => action).sort())
    const [first] = aws.calls
    expect([first?.body.RoleArn, first?.body.ExternalId]).toEqual([roleArn, 'secret-1'])
    const expressions = aws.calls.filter((one) => one.operation.startsWith('Select')).map(({ body }) => body.Expression)
    expect(expressions.filter((text) => text.includes("resourceType = 'AWS::ECR::Repository'"))).toEqual([
      expect.stringContaining("accountId = '444455556666' AND awsRegion = 'eu-west-1' AND resourceId = 'base'"),
    ])
  })

  it('is unknown, never absent, when the aggregator does not show it', async () => {
    expect(await shown(['base', 'lost', 'gone'])).toEqual({
      items: ['AWS::ECR::Repository base'],
      rows: [
        'Repository unknown the aggregator shows no repository gone and lost of account 444455556666 in eu-west-1',
        'RegistryPolicy known',
      ],
      gaps: [],
    })
  })

  it('comes with the policy of its registry', async () => {
    config.items.push(
      item('AWS::ECR::RegistryPolicy', other.accountId, { RegistryId: other.accountId, PolicyText: {} }),
    )
    expect((await shown()).items).toEqual(['AWS::ECR::Repository base', 'AWS::ECR::RegistryPolicy 444455556666'])
  })

  it.each<[string, (items: JsonObject[]) => void]>([
    ['no recorder is shown', (items) => items.splice(1, 1)],
    ['the recorder records other types', (items) => items.splice(1, 1, recorder({ ResourceTypes: ['AWS::EC2::VPC'] }))],
  ])('leaves it open whether its registry has a policy when %s', async (_, change) => {
    change(config.items)
    expect((await shown()).rows[1]).toBe(
      'RegistryPolicy unknown the aggregator does not show that account 444455556666 records registry policies in eu-west-1',
    )
  })

  it('B9 is unknown when the copy of its account is not up to date', async () => {
    config.aggregators.set('hub', [source('OUTDATED')])
    const reason = "unknown the aggregator's copy of account 444455556666 in eu-west-1 is not up to date"
    expect(await shown()).toEqual({ items: [], rows: [`Repository ${reason}`, `RegistryPolicy ${reason}`], gaps: [] })
  })

  it.each<[string, () => void]>([
    ['the role is gone', () => sts.roles.clear()],
    ['the external id is another one', () => sts.roles.set(roleArn, { externalId: 'secret-2' })],
  ])('B4 is unknown for good, with the role named and not the external id, when %s', async (_, change) => {
    change()
    const { items, rows, gaps } = await shown()
    expect([items, gaps]).toEqual([[], []])
    expect(rows[0]).toContain(`Repository unknown sts:AssumeRole of ${roleArn} failed with AccessDenied`)
    expect(rows.join()).not.toContain('secret')
  })

  it('B3 is unknown for good when the role may not query', async () => {
    aws.state.plan = (operation) =>
      operation === 'SelectAggregateResourceConfig' ? { error: 'AccessDeniedException' } : undefined
    const reason = 'unknown config:SelectAggregateResourceConfig failed with AccessDeniedException'
    expect(await shown()).toEqual({ items: [], rows: [`Repository ${reason}`, `RegistryPolicy ${reason}`], gaps: [] })
  })

  it('B1 keeps verdicts from being written while the query is throttled', async () => {
    aws.state.plan = (operation) =>
      operation === 'SelectAggregateResourceConfig' ? { error: 'ThrottlingException' } : undefined
    expect((await shown()).gaps).toEqual([
      'arn:aws:ecr:eu-west-1:444455556666:repository/base passing',
      'arn:aws:ecr:eu-west-1:444455556666:registry/444455556666 passing',
    ])
    aws.state.plan = () => undefined
    expect((await shown()).items).toEqual(['AWS::ECR::Repository base'])
  })

  it('B7 is not taken from an answer about another account, repository or type', async () => {
    for (const wrong of [{ accountId: '777788889999' }, { resourceId: 'evil' }, { resourceType: 'AWS::IAM::Role' }]) {
      const row = JSON.stringify({ ...config.items[0], ...wrong })
      aws.state.plan = (operation, _, body) =>
        operation === 'SelectAggregateResourceConfig' && body.Expression.includes("'AWS::ECR::Repository'")
          ? { answer: { Results: [row] } }
          : undefined
      const { items, rows } = await shown(['base'], start, connected())
      expect(items).toEqual([])
      expect(rows[0]).toBe('Repository unknown config:SelectAggregateResourceConfig failed with MalformedAnswer')
    }
  })

  it('is asked for once in five minutes', async () => {
    await find()
    const before = calls().length
    await find(['base'], start + 5 * minute - 1)
    expect(calls()).toHaveLength(before)
    await find(['base'], start + 5 * minute)
    expect(calls().length).toBeGreaterThan(before)
    expect(calls().filter((operation) => operation === 'AssumeRole')).toHaveLength(1)
  })

  it('does not fill the memory: of a thousand names the last ones are remembered', async () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `name-${n}`)
    await find(names)
    const before = calls().length
    await find(names.slice(-100))
    expect(calls().length - before).toBeLessThan(10)
    await find(names.slice(0, 100))
    expect(calls().length - before).toBeGreaterThan(100)
  })
})

describe('the query', () => {
  it.each([
    ['AWS::ECR::Repository', { accountId: "1' OR '1'='1", region: 'eu-west-1' }, 'base'],
    ['AWS::ECR::Repository', { accountId: '444455556666', region: "eu-west-1' OR 1" }, 'base'],
    ['AWS::ECR::Repository', other, "base' OR resourceId LIKE '%"],
    ['AWS::ECR::Repository', other, 'a'.repeat(257)],
    ['AWS::ECR::Repository', other, ''],
  ] as const)('is none for %s %j %s', (type, scope, name) => {
    expect(foreignExpression(type, scope, name)).toBeUndefined()
  })
})
