import { isConcerned } from '../../events/concerns.ts'
import type { ResourceChange } from '../../events/resource-change.ts'
import type { Finding } from '../../model/finding.ts'
import type { Decision, Ground } from '../decision.ts'
import type { SelectedRule } from '../select-rule.ts'
import { decideChange } from './decide-change.ts'

/** What was decided about a change. */
export interface Outcome {
  /** Findings to publish: everything that was decided and is not undetermined for a passing reason. */
  readonly findings: readonly Finding[]
  /** To be called once the findings are published. */
  readonly delivered: () => void
  /** What could not be decided yet, in words. */
  readonly undone: readonly string[]
  /** Why something is left to AWS Config, in words: each reason once. */
  readonly left: readonly string[]
}

/**
 * Judges a change by those of the rules that it concerns. A rule that cannot be decided keeps none of the others from being.
 * What several rules look at is read once when their grounds share its sources.
 */
export async function judgeChange(
  change: ResourceChange,
  enabled: readonly SelectedRule[],
  groundOf: (selected: SelectedRule) => Ground,
): Promise<Outcome> {
  const decisions: Decision[] = []
  const undone: string[] = []
  const left: string[] = []
  for (const selected of enabled.filter(({ rule }) => isConcerned(rule, change))) {
    try {
      const decided = await decideChange(change, groundOf(selected))
      decisions.push(...decided.decisions)
      left.push(...decided.left)
    } catch (error) {
      undone.push(`${selected.rule.id}: ${error instanceof Error ? error.message : 'an unnamed error'}`)
    }
  }
  return { ...outcomeOf(decisions, undone), left: [...new Set(left)] }
}

function outcomeOf(decisions: readonly Decision[], undone: readonly string[]): Omit<Outcome, 'left'> {
  // Several hints of one event may lead to one resource.
  const all = [...new Map(decisions.flatMap(({ securityHub }) => securityHub.map((one) => [one.id, one]))).values()]
  const passing = all.filter(isPassing)
  const settled = decisions.filter(({ securityHub }) => !securityHub.some(isPassing))
  return {
    findings: all.filter((finding) => !isPassing(finding)),
    delivered: () => {
      for (const { delivered } of settled) delivered?.()
    },
    undone: [...undone, ...passing.map(({ rule, resource, reason }) => `${rule}: ${resource.arn}: ${reason}`)],
  }
}

/** Nothing may change because of a failure that passes. */
function isPassing({ compliance, transience }: Finding): boolean {
  return compliance === 'UNDETERMINED' && transience === 'passing'
}
