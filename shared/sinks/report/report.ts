import type { ExceptionReview } from '../../model/exception.ts'
import { type Compliance, type Finding, isExcepted } from '../../model/finding.ts'
import type { PullTrace } from '../../model/pull.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import type { Severity } from '../../model/verdict.ts'

/** One audit's outcome: what every report format renders. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string }
  /** ISO 8601. */
  readonly generatedAt: string
  readonly findings: readonly Finding[]
  readonly coverage: readonly CoverageEntry[]
  /** Traced pulls; empty when what tracing looks at was not read. */
  readonly pulls: readonly PullTrace[]
  /** What became of the exceptions of the settings; left out where there are none. */
  readonly exceptions?: readonly ExceptionReview[]
  /** Rule id to the sentence that says why the rule matters. */
  readonly why: ReadonlyMap<string, string>
}

/** Severities from worst to mildest. */
export const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Severity[]

const compliances = [
  'NON_COMPLIANT',
  'UNDETERMINED',
  'COMPLIANT',
  'NOT_APPLICABLE',
] as const satisfies readonly Compliance[]

/**
 * Totals of a report. `bySeverity` counts noncompliant findings only. Findings an exception covers are counted in `excepted` and
 * nowhere else.
 */
export interface Summary {
  readonly resources: number
  readonly byCompliance: Readonly<Record<Compliance, number>>
  readonly bySeverity: Readonly<Record<Severity, number>>
  readonly excepted: number
}

/** Counts resources and findings. */
export function summarize(findings: readonly Finding[]): Summary {
  const plain = findings.filter((finding) => !isExcepted(finding))
  const failed = plain.filter((finding) => finding.compliance === 'NON_COMPLIANT')
  return {
    resources: new Set(findings.map((finding) => JSON.stringify(finding.resource))).size,
    byCompliance: tally(compliances, plain, (finding) => finding.compliance),
    bySeverity: tally(severities, failed, (finding) => finding.severity),
    excepted: findings.length - plain.length,
  }
}

function tally<K extends string>(
  keys: readonly K[],
  findings: readonly Finding[],
  keyOf: (finding: Finding) => K,
): Readonly<Record<K, number>> {
  const counts = new Map<K, number>(keys.map((key) => [key, 0]))
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1)
  return Object.fromEntries(counts) as Record<K, number>
}
