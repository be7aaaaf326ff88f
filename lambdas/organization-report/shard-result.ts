import type { ExceptionReview } from '../../shared/model/exception.ts'
import type { Compliance, Finding } from '../../shared/model/finding.ts'
import { isJsonObject, type JsonValue, own, ownObject, ownString } from '../../shared/model/json.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import type { Summary } from '../../shared/sinks/report/report.ts'
import type { Evidence } from './facts.ts'
import type { Heartbeat } from './heartbeat.ts'

/** Verdicts of one rule; noncompliant ones that an exception covers are in `excepted` alone. */
export interface RuleCounts extends Readonly<Record<Compliance, number>> {
  readonly rule: string
  readonly excepted: number
}

/** What a shard hands to the reports of the whole. */
export interface ShardResult extends Scope {
  readonly schemaVersion: 1
  readonly run: string
  readonly accountName: string
  readonly evidence: Evidence
  readonly heartbeat: Heartbeat
  readonly summary: Summary
  readonly rules: readonly RuleCounts[]
  readonly coverage: readonly CoverageEntry[]
  readonly exceptions: readonly ExceptionReview[]
  /** Those that need attention: noncompliant, undetermined and excepted ones. */
  readonly findings: readonly Finding[]
}

/** Most bytes of a result that are read: more than 20,000 findings. */
export const MAX_RESULT_BYTES = 64 * 2 ** 20

/** True for a finding that somebody has to look at. */
export function needsAttention({ compliance }: Finding): boolean {
  return compliance === 'NON_COMPLIANT' || compliance === 'UNDETERMINED'
}

/** Counts the verdicts of each rule, in the order of the rules. */
export function countsByRule(ruleIds: readonly string[], findings: readonly Finding[]): readonly RuleCounts[] {
  const groups = Map.groupBy(findings, ({ rule }) => rule)
  return ruleIds.map((rule) => {
    const all = groups.get(rule) ?? []
    const plain = all.filter(({ exception }) => exception === undefined)
    const count = (wanted: Compliance) => plain.filter(({ compliance }) => compliance === wanted).length
    return {
      ...{ rule, excepted: all.length - plain.length },
      ...{ COMPLIANT: count('COMPLIANT'), NON_COMPLIANT: count('NON_COMPLIANT') },
      ...{ NOT_APPLICABLE: count('NOT_APPLICABLE'), UNDETERMINED: count('UNDETERMINED') },
    }
  })
}

/** The result in a text, if it is the one of that shard and run; else why not. Our own function has written it. */
export function shardResultOf(text: string, run: string, shard: Scope): ShardResult | string {
  const value = parsed(text)
  if (value === undefined) return 'its result is not JSON'
  const isOurs =
    isJsonObject(value) &&
    own(value, 'schemaVersion') === 1 &&
    ownString(value, 'run') === run &&
    ownString(value, 'accountId') === shard.accountId &&
    ownString(value, 'region') === shard.region &&
    ['evidence', 'heartbeat', 'summary'].every((field) => ownObject(value, field) !== undefined) &&
    ['rules', 'coverage', 'exceptions', 'findings'].every((field) => Array.isArray(own(value, field)))
  return isOurs ? (value as unknown as ShardResult) : 'its result is of another form'
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
