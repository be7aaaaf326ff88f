import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { createHandler } from '../../../lambdas/organization-report/create-handler.ts'
import type { Dependencies } from '../../../lambdas/organization-report/dependencies.ts'
import { rules } from '../../../shared/rules/index.ts'
import { published } from '../../../shared/sources/published/published.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'
import { home, hub, organizationText, recorded, snapshotKey, snapshotOf, startedAt } from './estate.ts'

/** What a task answers. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
export type Answer = any

/** The hub with its bucket, the bucket of AWS Config and the aggregator. */
export interface ReportHub {
  now: number
  readonly aws: FakeAws
  readonly s3: FakeS3
  readonly config: FakeS3
  readonly measured: string[]
  readonly logged: string[]
  variables: Record<string, string>
  /** One invocation with the process of the one before. */
  run(task: object): Promise<Answer>
  /** Plan, every shard, reduce, as the state machine would. Tasks that fail are collected. */
  runAll(): Promise<{ readonly plan: Answer; readonly failed: readonly string[]; readonly reduced: Answer }>
  /** The parsed object of the newest run, by its name in the run's folder. */
  json(name: string): Answer
  close(): Promise<void>
}

/** The hub before its first run: everything that `estate.ts` records has a snapshot of the day before. */
export async function startReportHub(): Promise<ReportHub> {
  const [aws, s3, config] = await Promise.all([
    startFakeAws(hub, home),
    startFakeS3('hub-bucket', hub),
    startFakeS3('config-bucket', '777788889999'),
  ])
  // The report's function may list both.
  for (const one of [s3, config]) one.mayList = true
  s3.put('hub/organization.json', organizationText('2026-11-20T05:30:00.000Z'))
  for (const [place, items] of recorded()) config.put(snapshotKey(place, '2026-11-19T23:59:59.000Z'), snapshotOf(items))
  const hubWorld = {
    ...{ now: Date.parse(startedAt) + 60_000, aws, s3, config, measured: [], logged: [] },
    variables: {
      ...{ PULLPATH_HUB_BUCKET: 'hub-bucket', PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_AGGREGATOR: 'organization' },
      ...{ PULLPATH_CONFIG_BUCKET: 'config-bucket', PULLPATH_CONFIG_ACCOUNT: '777788889999' },
      ...{ PULLPATH_CONFIG_REGION: 'us-west-2' },
    },
    close: async () => void (await Promise.all([aws.close(), s3.close(), config.close()])),
  } as unknown as ReportHub
  s3.now = () => hubWorld.now
  hubWorld.run = runner(hubWorld)
  hubWorld.runAll = () => runAll(hubWorld)
  hubWorld.json = (name) => {
    const { folder } = JSON.parse(s3.text('reports/latest.json') ?? '{}')
    return JSON.parse(s3.text(`${folder}${name}`) ?? 'null')
  }
  return hubWorld
}

function runner(world: ReportHub): ReportHub['run'] {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const clients = { hub: world.s3.client(), config: world.config.client() }
  const aggregator = new ConfigServiceClient({
    region: home,
    credentials,
    maxAttempts: 1,
    endpoint: world.aws.endpoint,
  })
  const parts: Dependencies = {
    rules,
    // The regions tell the buckets apart.
    s3: (region) => (region === 'us-west-2' ? clients.config : clients.hub),
    config: () => aggregator,
    published: published(),
    variables: () => world.variables,
    log: () => ({
      info: (message, fields) => void world.logged.push(`info ${message} ${JSON.stringify(fields)}`),
      warn: (message, fields) => void world.logged.push(`warn ${message} ${JSON.stringify(fields)}`),
    }),
    measures: () => ({
      count: (name, value) => void world.measured.push(`${name} ${value}`),
      flush: () => void world.measured.push('flush'),
    }),
    now: () => new Date(world.now),
    sleep: async () => undefined,
    random: () => 0,
  }
  const handler = createHandler(parts)
  return (task) =>
    handler(task, {
      invokedFunctionArn: `arn:aws:lambda:${home}:${hub}:function:pullpath-organization-report`,
      getRemainingTimeInMillis: () => 60_000,
    })
}

async function runAll(world: ReportHub): ReturnType<ReportHub['runAll']> {
  const plan = await world.run({ task: 'plan', execution: 'execution-1', startedAt })
  const failed: string[] = []
  for (const shard of JSON.parse(world.s3.text(plan.shardsKey) ?? '[]')) {
    await world.run({ task: 'shard', run: plan.run, startedAt, shard }).catch((error: Error) => {
      failed.push(`${shard.accountId} ${shard.region}: ${error.name}: ${error.message}`)
    })
  }
  return { plan, failed, reduced: await world.run({ task: 'reduce', run: plan.run, startedAt }) }
}
