import type { PolicyDocument } from '../evaluate/types.ts'
import { hasWildcard, matchesWildcard, matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { PatternElement, Statement } from '../policy/policy.ts'
import { readable } from './registry-permissions.ts'
import type { IdentityStatementRef } from './types.ts'

const tokenAction = 'ecr:GetAuthorizationToken'

/** An Allow statement that speaks of ecr:GetAuthorizationToken. */
export interface TokenStatement {
  readonly statement: IdentityStatementRef
  /**
   * How: `literal` names the action, `ecrPattern` is a pattern of service ecr (`ecr:*`, `ecr:Get*`), `anyService` a
   * pattern that is not about ECR (`*`) or a NotAction.
   */
  readonly by: 'literal' | 'ecrPattern' | 'anyService'
  /** The pattern as written; the first in the order literal, ecrPattern, anyService. Untrusted text. */
  readonly action: string
  /** Resource patterns as written; NotResource patterns when `complement`. Untrusted text. */
  readonly resources: readonly string[]
  readonly complement: boolean
  /** Whether the statement can allow the action at all: it has no resource-level permissions and is asked for on `*`. */
  readonly coversAll: boolean
  /** Whether conditions narrow it. */
  readonly conditional: boolean
}

/** Every readable Allow statement that speaks of GetAuthorizationToken, in order. */
export function tokenStatements(identityPolicies: readonly PolicyDocument[]): readonly TokenStatement[] {
  return readable(identityPolicies).flatMap(({ name, policy }) =>
    policy.statements.flatMap((statement) => {
      const named = statement.effect === 'Allow' ? speaksOfToken(statement.action) : undefined
      return named === undefined ? [] : [describe(name, statement, named)]
    }),
  )
}

type Named = Pick<TokenStatement, 'by' | 'action'>

function describe(policy: string, statement: Statement, named: Named): TokenStatement {
  const { resource, position, sid } = statement
  return {
    statement: { policy, position, sid },
    ...named,
    resources: resource?.patterns ?? [],
    complement: resource?.not ?? false,
    coversAll: resource !== undefined && resource.patterns.some((text) => matchesWildcard(text, '*')) !== resource.not,
    conditional: statement.conditions.length > 0,
  }
}

function speaksOfToken({ patterns, not }: PatternElement): Named | undefined {
  const matching = patterns.filter((pattern) => matchesWildcardIgnoringCase(pattern, tokenAction))
  if (not) return matching.length > 0 ? undefined : { by: 'anyService', action: `NotAction: ${patterns.join(', ')}` }
  const named = matching.map((action): Named => ({ by: kindOf(action), action }))
  return ['literal', 'ecrPattern', 'anyService'].flatMap((kind) => named.filter(({ by }) => by === kind))[0]
}

function kindOf(pattern: string): TokenStatement['by'] {
  if (!hasWildcard(pattern)) return 'literal'
  return pattern.toLowerCase().startsWith('ecr:') ? 'ecrPattern' : 'anyService'
}
