import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { configQueryService, emptyConfig, type FakeConfig } from '../../support/fake-aws/config-query.ts'
import { app, away, empty, home, hub, recorded, shared, startedAt } from './estate.ts'
import { type Answer, type ReportHub, startReportHub } from './scenario.ts'

let world: ReportHub
let config: FakeConfig
const run = '20261120T060000Z-63093cff69b8'

/** The hub without a Config bucket: its aggregator has collected what AWS Config recorded, of all accounts but one. */
beforeEach(async () => {
  world = await startReportHub()
  world.variables.PULLPATH_CONFIG_BUCKET = ''
  config = emptyConfig()
  for (const items of recorded().values()) config.items.push(...items.map(asAggregated))
  const sources = [app, shared, hub].flatMap((SourceId) =>
    [home, away].map((AwsRegion) => ({ SourceId, SourceType: 'ACCOUNT', AwsRegion, LastUpdateStatus: 'SUCCEEDED' })),
  )
  config.aggregators.set('organization', sources)
  world.aws.state.services.set('config', configQueryService({ accountId: hub, region: home }, config))
  await world.run({ task: 'plan', execution: 'execution-1', startedAt })
})
afterEach(() => world.close())

function asAggregated({ awsAccountId, ARN, configurationItemVersion, ...item }: JsonObject): JsonObject {
  return { ...item, accountId: awsAccountId!, arn: ARN!, version: configurationItemVersion! }
}

const shard = (accountId: string, region: string) =>
  world.run({ task: 'shard', run, startedAt, shard: { accountId, region } })
const reportOn = (accountId: string, region: string): Answer =>
  JSON.parse(world.s3.text(`reports/runs/${run}/accounts/${accountId}-${region}.json`)!)
const verdict = (report: Answer, rule: string, id: string) =>
  report.findings.find((one: Answer) => one.rule === rule && one.resource.arn.endsWith(id))?.compliance

describe('without a Config bucket, through the aggregator', () => {
  it('an account and region is judged by what AWS Config recorded of it', async () => {
    expect(await shard(app, home)).toMatchObject({ evidence: 'aggregator' })
    const report = reportOn(app, home)
    expect(verdict(report, 'ecr-repository-not-public', ':repository/open')).toBe('NON_COMPLIANT')
    expect(verdict(report, 'ecr-repository-not-public', ':repository/app')).toBe('COMPLIANT')
    expect(verdict(report, 'ecs-execution-role-least-privilege', ':role/execution')).toBe('NON_COMPLIANT')
    expect(world.config.calls).toEqual([])
  })

  it('roles are judged by what uses them in other regions, too, and reported at home only', async () => {
    await shard(app, home)
    expect(verdict(reportOn(app, home), 'ecs-execution-role-least-privilege', ':role/away')).toBe('NON_COMPLIANT')
    await shard(app, away)
    const { findings } = reportOn(app, away)
    expect(new Set(findings.map((one: Answer) => one.resource.region))).toEqual(new Set([away]))
    expect(verdict(reportOn(app, away), 'ecs-execution-role-can-pull', 'task-definition/own:1')).toBe('COMPLIANT')
  })

  it('repositories of other accounts are looked up', async () => {
    await shard(app, home)
    const report = reportOn(app, home)
    expect(verdict(report, 'image-repository-exists', 'service/main/foreign')).toBe('COMPLIANT')
    config.items.splice(0, Infinity, ...config.items.filter(({ resourceId }) => resourceId !== 'base'))
    world.now += 600_000
    await shard(app, home)
    expect(verdict(reportOn(app, home), 'image-repository-exists', 'service/main/foreign')).toBe('UNDETERMINED')
  })

  it('what AWS Config cannot be asked for is a row of the coverage, and no pass', async () => {
    await shard(app, home)
    const rows = reportOn(app, home).coverage.filter((row: Answer) => row.resourceType === 'AWS::EKS::Nodegroup')
    expect(rows).toEqual([
      {
        ...{ accountId: app, region: home, resourceType: 'AWS::EKS::Nodegroup', status: 'unknown' },
        reason: 'AWS Config cannot be asked for AWS::EKS::Nodegroup',
      },
    ])
  })

  it('an account that the aggregator does not collect from is not covered', async () => {
    for (const area of ['ecr', 'image', 'role', 'vpc']) {
      world.s3.put(`hub/heartbeats/${empty}/${home}/${area}.json`, '{}')
    }
    expect(await shard(empty, home)).toMatchObject({ evidence: 'none' })
    expect(reportOn(empty, home)).toMatchObject({
      findings: [],
      coverage: [
        {
          ...{ region: home, resourceType: '*', status: 'unknown' },
          reason: `not-collected: the aggregator does not collect from account ${empty} in ${home}`,
        },
        { region: 'global', resourceType: '*', status: 'unknown' },
      ],
    })
  })

  it('a region that the aggregator does not collect from is not covered, whatever it holds of the account', async () => {
    const sources = config.aggregators.get('organization')!
    config.aggregators.set(
      'organization',
      sources.filter(({ SourceId, AwsRegion }) => SourceId !== app || AwsRegion !== away),
    )
    expect(await shard(app, away)).toMatchObject({ evidence: 'none' })
    const { findings, coverage } = reportOn(app, away)
    expect(findings).toEqual([])
    expect(coverage.filter((row: Answer) => row.resourceType !== 'Pullpath::Heartbeat')).toEqual([
      {
        ...{ accountId: app, region: away, resourceType: '*', status: 'unknown' },
        reason: `not-collected: the aggregator does not collect from account ${app} in ${away}`,
      },
    ])
    expect(await shard(app, home)).toMatchObject({ evidence: 'aggregator' })
  })

  it('an aggregator that is not there covers nothing; one that is busy is asked again', async () => {
    world.variables.PULLPATH_AGGREGATOR = 'another'
    expect(await shard(app, home)).toMatchObject({ evidence: 'none', heartbeat: 'missing' })
    expect(reportOn(app, home).coverage[0].reason).toBe('unreadable: there is no aggregator another')
    world.variables.PULLPATH_AGGREGATOR = 'organization'
    world.aws.state.plan = () => ({ error: 'ThrottlingException' })
    await expect(shard(app, home)).rejects.toMatchObject({
      ...{ name: 'PassingProblem', message: expect.stringContaining('ThrottlingException') },
    })
  })
})
