import { auditInventory } from '../../shared/engine/audit.ts'
import { namesRule } from '../../shared/engine/exception-match.ts'
import { reviewExceptions } from '../../shared/engine/exceptions.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { TraceWorld } from '../../shared/pull/trace-types.ts'
import { tracesOf } from '../../shared/pull/traces.ts'
import { judgedTypes, type Rule } from '../../shared/rules/define-rule.ts'
import { rule as pullPathRule } from '../../shared/rules/image/image-pull-path.ts'
import type { Report } from '../../shared/sinks/report/report.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { tagTypes } from '../../shared/sources/tags/tag-types.ts'
import { exitCodeOf, type FailOn, pullsOfManifests } from '../exit-codes.ts'
import type { Manifests } from '../manifest-files.ts'
import { canTrace } from '../traced-pulls.ts'
import { version } from '../version.ts'

/** What an audit is asked. */
export interface AuditQuestion {
  readonly rules: readonly Rule[]
  readonly settings: Settings
  readonly manifests?: Manifests
  readonly now: Date
  /** Judge what lies here; the rest still serves as context. */
  readonly isJudged: (place: Scope) => boolean
  /** Of which places the report says whether they are covered. */
  readonly isReported: (place: CoverageEntry) => boolean
  /** Rows for what was asked for and is not in any of the scopes that were read. */
  readonly missing: (scopes: readonly Scope[]) => readonly CoverageEntry[]
  readonly failOn: FailOn
}

/** The outcome of an audit. */
export interface AuditAnswer {
  readonly report: Report
  readonly exitCode: number
}

/** Types to read for a question; pulls of manifests are traced whatever the rules. */
export function typesToRead(question: Pick<AuditQuestion, 'rules' | 'manifests'>): ReadonlySet<string> {
  return wantedTypes(rulesToRead(question))
}

/**
 * Types whose tags decide anything: of repositories, because policies have conditions on those, and of everything where an exception is
 * by tag. One that has run out counts too, because the report says what it would cover.
 */
export function tagsToRead({ rules, settings }: Pick<AuditQuestion, 'rules' | 'settings'>): ReadonlySet<string> {
  const isByTag = settings.exceptions.some((one) => one.tag !== undefined && rules.some(({ id }) => namesRule(one, id)))
  return isByTag ? tagTypes : new Set(['AWS::ECR::Repository'])
}

function rulesToRead({ rules, manifests }: Pick<AuditQuestion, 'rules' | 'manifests'>): readonly Rule[] {
  return manifests === undefined ? rules : [...rules, pullPathRule]
}

/** Judges what was read, be it from files or live. */
export function auditSnapshot(files: SnapshotFiles, question: AuditQuestion): AuditAnswer {
  const { rules, settings, manifests, now, isJudged } = question
  const reading = rulesToRead(question)
  const inventory = buildInventory({
    ...files,
    types: typesOf(reading),
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, settings)
  const findings = auditInventory({ inventory, rules, settings, organization, now, only: isJudged })
  const { centralEndpoints } = settings.network
  const world = { inventory, organization, now, centralEndpoints }
  const pulls = canTrace(wantedTypes(reading)) ? tracedPulls(world, manifests, isJudged) : []
  const coverage = [
    ...inventory.coverage.filter(question.isReported),
    ...question.missing(inventory.scopes),
    ...files.problems.map(problemRow),
    ...(manifests?.problems ?? []).map((reason) => ({ ...nowhere, reason })),
  ]
  const why = new Map(rules.map((rule) => [rule.id, rule.why]))
  const exceptions = reviewExceptions(findings, rules, { settings, inventory, now })
  const report = {
    ...{ tool: { name: 'pullpath', version }, generatedAt: now.toISOString() },
    ...{ findings, coverage, pulls, why, exceptions },
  }
  const problems = files.problems.length + (manifests?.problems.length ?? 0)
  const judged = new Set(rules.flatMap(judgedTypes))
  const outcome = { findings, coverage, judged, problems, unjudged: pullsOfManifests(pulls) }
  return { report, exitCode: exitCodeOf(outcome, question.failOn) }
}

function tracedPulls(
  world: TraceWorld,
  manifests: Manifests | undefined,
  isJudged: (place: PullTrace['workload']) => boolean,
): readonly PullTrace[] {
  return tracesOf(world, { manifests: manifests?.workloads ?? [] }).filter(({ workload }) => isJudged(workload))
}

/** Of a file that could not be read nobody knows what it would have told, nor of which place. */
const nowhere = {
  accountId: 'unknown',
  region: 'unknown',
  resourceType: '*',
  status: 'unknown',
} as const satisfies CoverageEntry

function problemRow({ file, reason, accountId, region }: SnapshotFiles['problems'][number]): CoverageEntry {
  return {
    ...nowhere,
    ...(accountId === undefined ? {} : { accountId }),
    ...(region === undefined ? {} : { region }),
    reason: `${file}: ${reason}`,
  }
}
