import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { Overview } from '../../shared/sinks/organization-report/overview.ts'
import { notCovered } from './audit-shard.ts'
import { failedTasks } from './failed-tasks.ts'
import { type Outcome, outcomesOf } from './outcomes.ts'
import { jsonIn, leftOutIn } from './plan-file.ts'
import type { LeftOut } from './plan-shards.ts'
import { type Pointer, publishManifest } from './publish-manifest.ts'
import { homeRegionOf, type Run, shelfOf } from './run.ts'
import { type Shard, shardsOf } from './task.ts'
import { Totals } from './totals.ts'
import { writeReports } from './write-reports.ts'

/** What the execution ends with. */
export interface Reduced {
  readonly run: string
  readonly pointer: Pointer
  readonly overview: Overview
  readonly failed: number
}

/**
 * Puts the results together: what was expected against what is there, the reports, and last the manifest. Reads one result after the
 * other, once for each file that lists what is in them.
 * @throws PassingProblem, ReportProblem, what S3 threw; the reports of the run before stay the newest then
 */
export async function reduce(
  run: Run,
  map: { readonly Bucket: string; readonly Key: string } | undefined,
): Promise<Reduced> {
  const shards = shardsOf(await jsonIn(run, run.keys.shards))
  const leftOut = leftOutIn(await jsonIn(run, run.keys.plan))
  const classes = await failedTasks(shelfOf(run), map)
  const totals = new Totals()
  let endedAt = run.startedAt
  for await (const outcome of outcomesOf(run, shards, classes)) {
    totals.add(outcome)
    // Not the time of this attempt: another one writes the same files, byte for byte, below a manifest that may be published.
    if ('result' in outcome && outcome.writtenAt > endedAt) endedAt = outcome.writtenAt
  }
  const names = new Map(shards.map(({ accountId, accountName }) => [accountId, accountName]))
  const overview = totals.overview({ run: run.name, startedAt: run.startedAt, endedAt })
  const outcomes = () => outcomesOf(run, shards, classes)
  const files = await writeReports(run, {
    overview,
    coverage: () => coverageOf(run, outcomes(), leftOut),
    findings: () => findingsOf(outcomes()),
    accountName: (accountId) => names.get(accountId) ?? '',
  })
  const { expected, covered, summary, heartbeats } = overview
  const pointer = await publishManifest(run, {
    ...{ schemaVersion: 1, run: run.name, startedAt: run.startedAt, endedAt, folder: run.keys.folder, files },
    ...{ expected, covered, failed: totals.failed.length, notCovered: overview.notCovered.length, summary },
    heartbeats: { ...heartbeats, missing: heartbeats.missing.length },
  })
  return { run: run.name, pointer, overview, failed: totals.failed.length }
}

async function* coverageOf(
  run: Run,
  outcomes: AsyncIterable<Outcome>,
  leftOut: readonly LeftOut[],
): AsyncGenerator<CoverageEntry> {
  for await (const outcome of outcomes) {
    if ('result' in outcome) yield* outcome.result.coverage
    else yield* failedRows(run, outcome.shard, outcome.failed)
  }
  for (const { accountId, status } of leftOut) {
    yield { ...{ accountId, region: '*', resourceType: '*' }, status: 'unknown', reason: `the account is ${status}` }
  }
}

function failedRows(run: Run, shard: Shard, why: string): readonly CoverageEntry[] {
  return notCovered(shard, shard.region === homeRegionOf(run), why)
}

async function* findingsOf(outcomes: AsyncIterable<Outcome>): AsyncGenerator<Finding> {
  for await (const outcome of outcomes) if ('result' in outcome) yield* outcome.result.findings
}
