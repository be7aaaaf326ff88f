import { wantedTypes } from '../../shared/engine/plan.ts'
import { putStream } from '../../shared/sinks/bucket/put-stream.ts'
import { renderJson } from '../../shared/sinks/report/json.ts'
import { type Report, summarize } from '../../shared/sinks/report/report.ts'
import { aggregatorFacts } from './aggregator-facts.ts'
import { auditShard, notCovered } from './audit-shard.ts'
import { typesBehindAccount } from './context-places.ts'
import { type Evidence, type Found, joinFacts } from './facts.ts'
import { type Ground, groundOf } from './ground.ts'
import { type Heartbeat, heartbeatOf, silenceRows } from './heartbeat.ts'
import { organizationIdIn } from './organization-id.ts'
import { plannedRegions } from './plan-file.ts'
import { homeRegionOf, type Run, sinkOf } from './run.ts'
import { countsByRule, needsAttention, type ShardResult } from './shard-result.ts'
import { snapshotFacts } from './snapshot-facts.ts'
import type { Shard } from './task.ts'
import { toolOf } from './tool.ts'

/** What the state machine keeps of a shard: counts only, its state is small. */
export interface ShardCounts {
  readonly accountId: string
  readonly region: string
  readonly evidence: Evidence['source']
  readonly heartbeat: Heartbeat['state']
  readonly noncompliant: number
  readonly undetermined: number
}

/**
 * Judges one account and region and writes down what was found: the whole report on it, and what the reports of the whole need.
 * @throws PassingProblem, ReportProblem, and what S3 threw when it took neither
 */
export async function shard(run: Run, one: Shard): Promise<ShardCounts> {
  const ground = await groundOf(run)
  const [found, heartbeat] = await Promise.all([factsOfShard(run, one, ground), heartbeatOf(run, one)])
  const judged = reportOn(run, one, ground, found)
  const report = { ...judged, coverage: [...judged.coverage, ...silenceRows(one, heartbeat)] }
  const result = resultOf(run, one, { report, ground, found, heartbeat })
  const contentType = 'application/json'
  await putStream(sinkOf(run), { key: run.keys.account(one), contentType }, renderJson(report))
  // Whoever reads a result finds the report it speaks of.
  await putStream(sinkOf(run), { key: run.keys.result(one), contentType }, [`${JSON.stringify(result)}\n`])
  const { NON_COMPLIANT: noncompliant, UNDETERMINED: undetermined } = result.summary.byCompliance
  const { accountId, region } = one
  return { accountId, region, evidence: found.evidence.source, heartbeat: heartbeat.state, noncompliant, undetermined }
}

async function factsOfShard(run: Run, one: Shard, { rules, organization }: Ground): Promise<Found> {
  const wanted = wantedTypes(rules)
  const ofAccount = typesBehindAccount(rules)
  const regions = one.region === homeRegionOf(run) ? await plannedRegions(run) : []
  const { config } = run.environment
  if (config === undefined) return aggregatorFacts(one, { run, wanted, ofAccount, regions })
  return snapshotFacts(one, { run, config, wanted, ofAccount, regions, organizationId: organizationIdIn(organization) })
}

function reportOn(run: Run, one: Shard, { rules, settings, organization }: Ground, found: Found): Report {
  const head = { tool: toolOf(), generatedAt: new Date(run.startedAt).toISOString() }
  const isHome = one.region === homeRegionOf(run)
  if (!('facts' in found)) {
    const coverage = notCovered(one, isHome, `${found.evidence.class}: ${found.evidence.reason}`)
    return { ...head, findings: [], coverage, pulls: [], exceptions: [], why: new Map() }
  }
  const now = new Date(run.startedAt)
  const facts = joinFacts([found.facts, organization])
  return { ...head, ...auditShard(facts, { shard: one, isHome, rules, settings, now }) }
}

interface Judged {
  readonly report: Report
  readonly ground: Ground
  readonly found: Found
  readonly heartbeat: Heartbeat
}

function resultOf({ name }: Run, one: Shard, { report, ground, found, heartbeat }: Judged): ShardResult {
  const { findings, coverage, exceptions = [] } = report
  const ruleIds = ground.rules.map(({ id }) => id)
  return {
    ...{ schemaVersion: 1, run: name, ...one },
    ...{ evidence: found.evidence, heartbeat, summary: summarize(findings) },
    ...{ rules: countsByRule(ruleIds, findings), coverage, exceptions, findings: findings.filter(needsAttention) },
  }
}
