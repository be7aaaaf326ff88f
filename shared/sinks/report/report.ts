import type { Compliance, Finding } from '../../model/finding.ts'
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

/** Totals of a report. `bySeverity` counts noncompliant findings only. */
export interface Summary {
  readonly resources: number
  readonly byCompliance: Readonly<Record<Compliance, number>>
  readonly bySeverity: Readonly<Record<Severity, number>>
}

/** Counts resources and findings. */
export function summarize(findings: readonly Finding[]): Summary {
  const failed = findings.filter((finding) => finding.compliance === 'NON_COMPLIANT')
  return {
    resources: new Set(findings.map((finding) => JSON.stringify(finding.resource))).size,
    byCompliance: tally(compliances, findings, (finding) => finding.compliance),
    bySeverity: tally(severities, failed, (finding) => finding.severity),
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
