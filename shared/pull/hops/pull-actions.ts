import { clip } from '../../model/quote.ts'
import type { PullStep } from '../types.ts'
import type { HopAnswer } from './hop-answer.ts'
import { hopOfParts, type RoleGrounds } from './permission-parts.ts'
import type { SplitDecision } from './split-decision.ts'

/** Whether the policies of the role, and those of the repository where they count, grant both actions of a pull. */
export function pullActionsHop(splits: readonly SplitDecision[], grounds: RoleGrounds): HopAnswer {
  return hopOfParts(
    splits.map(({ own }) => own),
    grounds,
    {
      pass: 'pull-actions-allowed',
      unknown: 'pull-actions-undecided',
      fail: codeOf,
      good: `Role ${clip(grounds.role.name)} may fetch manifest and layers`,
    },
  )
}

function codeOf(broken: readonly PullStep[]): string {
  if (broken.some(({ decision }) => decision.decision === 'explicitlyDenied')) return 'pull-actions-denied'
  const lacking = broken.flatMap(({ decision }) =>
    decision.layers.filter(({ result }) => result === 'implicitlyDenied').map(({ layer }) => layer),
  )
  if (lacking.length > 0 && lacking.every((layer) => layer === 'resource')) return 'repository-policy-does-not-allow'
  if (broken.length > 1) return 'missing-pull-actions'
  return broken[0]?.action === 'ecr:BatchGetImage' ? 'missing-batch-get-image' : 'missing-get-download-url-for-layer'
}
