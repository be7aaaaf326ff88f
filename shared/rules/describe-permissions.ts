import type { EcrActionGroup } from '../iam/ecr-actions.ts'
import type { RegistryGrant } from '../iam/permissions/types.ts'
import { clip, listed } from '../model/quote.ts'
import type { Evidence, MissingFact } from '../model/verdict.ts'
import { missingFacts } from '../pull/describe-decision.ts'
import type { RolePermissions } from '../pull/role-permissions.ts'

const mostEvidence = 20

/** Groups whose actions change what others run or who may do what. */
export const changingGroups: ReadonlySet<EcrActionGroup> = new Set(['push', 'delete', 'policy', 'configure'])

/** Grants that count as permissions, and those that a document or rule nobody knows may still take away. */
export interface SplitGrants {
  readonly held: readonly RegistryGrant[]
  readonly open: readonly RegistryGrant[]
}

/**
 * A condition on a key of the request narrows when a permission works, not whether the role holds it: such a grant is held.
 * One that rests on a document or operator nobody could read is open.
 */
export function splitGrants(grants: readonly RegistryGrant[]): SplitGrants {
  const held = grants.filter(({ certain, missing }) => certain || missing.every(({ kind }) => kind === 'contextKey'))
  return { held, open: grants.filter((grant) => !held.includes(grant)) }
}

/** What must be known before "the role holds no more than this" can be said. */
export function missingOfPermissions(
  permissions: RolePermissions,
  open: readonly RegistryGrant[],
): readonly MissingFact[] {
  const unread = permissions.unknownDocuments.map(({ policy, reason }) => `${clip(policy)}: ${clip(reason)}`)
  const undecided = missingFacts(open.flatMap(({ missing }) => missing)).map(({ reason }) => reason)
  const reasons = new Set([...unread, ...permissions.limits.map(clip), ...undecided])
  return [...reasons].map((reason) => ({ reason, transience: 'lasting' }))
}

/** `ecr:PutImage and ecr:BatchDeleteImage on repository/* (inline policy ci of role build, statement 1)`. */
export function describeGrantsOfRole(grants: readonly RegistryGrant[]): string {
  const actions = [...new Set(grants.map(({ action }) => action))]
  const patterns = [...new Set(grants.map(({ pattern }) => pattern))]
  const policies = [...new Set(grants.map(({ statement }) => statement.policy))]
  return `${listed(actions, 4)} on ${listed(patterns, 2)} (${listed(policies, 2)})`
}

/** One line per statement and pattern, with its actions and conditions that could not be evaluated. */
export function evidenceOfRoleGrants(grants: readonly RegistryGrant[]): readonly Evidence[] {
  const lines = new Map<string, RegistryGrant[]>()
  for (const grant of grants) {
    const { policy, position } = grant.statement
    const key = JSON.stringify([policy, position, grant.pattern])
    lines.set(key, [...(lines.get(key) ?? []), grant])
  }
  const evidence = [...lines.values()].flatMap(lineOf)
  const more = evidence.length - mostEvidence
  return [
    ...evidence.slice(0, mostEvidence),
    ...(more > 0 ? [{ source: 'statements', detail: `${more} more statements and resources do the like` }] : []),
  ]
}

function lineOf(grants: readonly RegistryGrant[]): readonly Evidence[] {
  const [first] = grants
  if (first === undefined) return []
  const { policy, position, sid } = first.statement
  const keys = grants.flatMap(({ missing }) => missing.flatMap((one) => (one.kind === 'contextKey' ? [one.key] : [])))
  const conditions = keys.length === 0 ? '' : `; under conditions on ${listed([...new Set(keys)])}`
  const actions = listed([...new Set(grants.map(({ action }) => action))], 10)
  return [
    {
      source: `${clip(policy)}, statement ${position}${sid === undefined ? '' : ` (Sid "${clip(sid)}")`}`,
      detail: `Allows ${actions} on ${clip(first.pattern)}${conditions}`,
    },
  ]
}
