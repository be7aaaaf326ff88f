import { clip } from '../../model/quote.ts'
import type { HopAnswer } from './hop-answer.ts'
import { hopOfParts, type RoleGrounds } from './permission-parts.ts'
import type { SplitDecision } from './split-decision.ts'

/** Whether the policies of the role let it ask for a registry token. */
export function tokenHop(splits: readonly SplitDecision[], grounds: RoleGrounds): HopAnswer {
  return hopOfParts(
    splits.map(({ own }) => own),
    grounds,
    {
      pass: 'token-allowed',
      unknown: 'token-undecided',
      fail: (broken) =>
        broken.some(({ decision }) => decision.decision === 'explicitlyDenied')
          ? 'get-authorization-token-denied'
          : 'missing-get-authorization-token',
      good: `Role ${clip(grounds.role.name)} may ask for a token`,
    },
  )
}
