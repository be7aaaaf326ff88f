import { accountType } from '../shared/inventory/recordable-types.ts'
import { type Finding, isExcepted } from '../shared/model/finding.ts'
import type { PullTrace } from '../shared/model/pull.ts'
import type { CoverageEntry } from '../shared/model/resource.ts'
import type { Severity } from '../shared/model/verdict.ts'
import type { JudgedType } from '../shared/rules/define-rule.ts'
import { severities } from '../shared/sinks/report/report.ts'

/** What the process tells a pipeline. */
export const exitCodes = {
  /** Nothing at or above `--fail-on`. */
  clean: 0,
  /** Something is. */
  failed: 1,
  /** Usage error, or nothing readable at all. */
  usage: 2,
  /** Nothing is at or above, but something is undetermined, unreadable or not covered. */
  uncertain: 3,
  /** What was to be written could not be: the output path is named. */
  unwritable: 4,
  /** Ended by SIGINT, as shells number it. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const

/** The lowest severity that fails the run; `never` turns exit code 1 off. */
export const failOnValues = ['low', 'medium', 'high', 'critical', 'never'] as const
/** One of `failOnValues`. */
export type FailOn = (typeof failOnValues)[number]

/** What the exit code is decided from. */
export interface Outcome {
  readonly findings: readonly Finding[]
  readonly coverage: readonly CoverageEntry[]
  /** Types the rules judge: a gap in one of these hides resources. A gap in what is merely read shows as an undetermined finding. */
  readonly judged: ReadonlySet<JudgedType>
  /** Files that could not be read. */
  readonly problems: number
  /** Traced pulls that no finding speaks of: those of manifests. One that fails counts as a finding of severity HIGH. */
  readonly unjudged?: readonly PullTrace[]
}

/**
 * The pulls whose verdict counts although no rule judges their workload: those a user named by naming manifests. Task
 * definitions that no service runs do not: where they run is never known, and rules on roles judge the rest of them.
 */
export function pullsOfManifests(pulls: readonly PullTrace[]): readonly PullTrace[] {
  return pulls.filter(({ workload }) => workload.type.startsWith('Kubernetes::'))
}

/** The exit code of an audit. */
export function exitCodeOf(outcome: Outcome, failOn: FailOn): number {
  if (outcome.findings.some((finding) => fails(finding, failOn))) return exitCodes.failed
  const unjudged = outcome.unjudged?.map(({ verdict }) => verdict) ?? []
  if (unjudged.includes('fail') && reaches('HIGH', failOn)) return exitCodes.failed
  const gap = outcome.coverage.some((entry) => entry.status === 'unknown' && hidesResources(entry, outcome.judged))
  const undetermined = outcome.findings.some((finding) => finding.compliance === 'UNDETERMINED')
  const open = unjudged.includes('unknown')
  return outcome.problems > 0 || gap || undetermined || open ? exitCodes.uncertain : exitCodes.clean
}

function fails(finding: Finding, failOn: FailOn): boolean {
  return finding.compliance === 'NON_COMPLIANT' && !isExcepted(finding) && reaches(finding.severity, failOn)
}

function reaches(severity: Severity, failOn: FailOn): boolean {
  if (failOn === 'never') return false
  return severities.indexOf(severity) <= severities.indexOf(failOn.toUpperCase() as Severity)
}

function hidesResources(entry: CoverageEntry, judged: ReadonlySet<string>): boolean {
  const { resourceType } = entry
  // An account that was not listed has resources of every type.
  return resourceType === '*' || resourceType === accountType || judged.has(resourceType)
}
