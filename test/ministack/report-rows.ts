import type { S3Client } from '@aws-sdk/client-s3'
import { organizationReport } from '../../infra/derive/report-state-machine.ts'
import { createHandler } from '../../lambdas/organization-report/create-handler.ts'
import { rules } from '../../shared/rules/index.ts'
import { published } from '../../shared/sources/published/published.ts'
import { organizationText, recorded, snapshotKey, snapshotOf } from '../lambdas/organization-report/estate.ts'
import { startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { type FakeS3, startFakeS3 } from '../support/fake-aws/s3.ts'
import { accountId, region } from './mini-stack.ts'
import { ago, type FunctionRow, type Stage } from './stage.ts'

const bucket = 'hub-bucket'
/** The hub is the account itself, whose bucket AWS Config delivers to, too. */
export const reportVariables = {
  ...{ PULLPATH_HUB_BUCKET: bucket, PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_AGGREGATOR: 'organization' },
  ...{ PULLPATH_CONFIG_BUCKET: bucket, PULLPATH_REGIONS: `${region},us-east-1` },
}

/** A hub whose members' snapshots are of some hours ago. */
export async function startHubOfReports() {
  const [aws, s3] = await Promise.all([startFakeAws(accountId, region), startFakeS3(bucket, accountId)])
  // The report's function may list.
  s3.mayList = true
  // The function may list the bucket.
  s3.mayList = true
  s3.put('hub/organization.json', organizationText(ago(3_600)))
  for (const [place, items] of recorded()) s3.put(snapshotKey(place, ago(6 * 3_600)), snapshotOf(items))
  return { aws, s3, environment: { AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_S3: s3.endpoint } }
}

/** The same function in this process: what comes before a task in its run. */
function ownFunction(s3: FakeS3) {
  const client: S3Client = s3.client()
  const handler = createHandler({
    ...{ rules, published: published(), s3: () => client, variables: () => reportVariables },
    config: () => {
      throw new Error('nobody asks the aggregator')
    },
    log: () => ({ info: () => undefined, warn: () => undefined }),
    measures: () => ({ count: () => undefined, flush: () => undefined }),
    ...{ now: () => new Date(), sleep: async () => undefined, random: () => 0 },
  })
  const invokedFunctionArn = `arn:aws:lambda:${region}:${accountId}:function:${organizationReport.functionName}`
  return (task: object) => handler(task, { invokedFunctionArn, getRemainingTimeInMillis: () => 60_000 })
}

/** A task of a run, after what comes before it. */
async function taskStage(kind: 'plan' | 'shard'): Promise<Stage> {
  const { aws, s3, environment } = await startHubOfReports()
  const startedAt = ago(60)
  const plan = { task: 'plan', execution: 'execution-1', startedAt }
  // biome-ignore lint/suspicious/noExplicitAny: what the task answers, which the state machine reads
  const planned: any = await ownFunction(s3)(plan)
  const shards = JSON.parse(s3.text(planned.shardsKey) ?? '[]')
  const own = shards.find(
    (one: { accountId: string; region: string }) => one.accountId === accountId && one.region === region,
  )
  const folder = `reports/runs/${planned.run}/`
  const place = `${accountId}-${region}.json`
  s3.calls.length = 0
  const { event, writes, answer } = {
    plan: { event: plan, writes: ['plan.json', 'shards.json'], answer: planned },
    shard: {
      event: { task: 'shard', run: planned.run, startedAt, shard: own },
      writes: [`accounts/${place}`, `shards/${place}`],
      answer: { accountId, region, evidence: 'snapshot' },
    },
  }[kind]
  return {
    ...{ environment, event, answer, writes: writes.map((name) => ['S3', `PutObject ${folder}${name}`]) },
    refused: { event: { ...event, startedAt: 'yesterday' }, message: 'event.startedAt' },
    // S3 is written to in its own protocol.
    bodies: () => [],
    written: () => s3.calls.filter((call) => call.startsWith('PutObject')).map((call) => ['S3', call]),
    forget: () => {
      s3.calls.length = 0
    },
    close: () => Promise.all([aws.close(), s3.close()]),
  }
}

const report = (title: string, kind: 'plan' | 'shard'): FunctionRow => ({
  ...{ title, functionName: organizationReport.functionName, entry: organizationReport.entry },
  variables: reportVariables,
  stage: () => taskStage(kind),
})

/** The tasks of the state machine that may run at the same time; the last one of a run has its own test. */
export const reportRows: readonly FunctionRow[] = [
  report('the plan of a run', 'plan'),
  report('an account and region of a run', 'shard'),
]
