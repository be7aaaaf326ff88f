import { isAccountId, parseArn } from '../../model/arn.ts'
import type { Truth } from '../conditions/context.ts'
import { anyTrue, negate } from '../conditions/context.ts'
import { hasWildcard } from '../match/wildcard.ts'
import type { PrincipalElement, PrincipalEntry } from '../policy/policy.ts'
import type { Actor } from './actor.ts'

/** What a listed principal turns out to be. */
export type PrincipalForm =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'principal'; readonly accountId: string; readonly arn: string; readonly session: boolean }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'never'; readonly why: string }
  | { readonly kind: 'unknown'; readonly accountId: string | undefined }

/** Reads a listed principal of a policy that lives in the partition. */
export function principalForm(entry: PrincipalEntry, partition: string): PrincipalForm {
  if (entry.type === 'Service') return { kind: 'service', service: entry.value.toLowerCase() }
  if (entry.type !== 'AWS') return { kind: 'unknown', accountId: parseArn(entry.value)?.accountId || undefined }
  if (isAccountId(entry.value)) return { kind: 'account', accountId: entry.value }
  if (/^A(ROA|IDA)[A-Z0-9]{8,}$/.test(entry.value)) return { kind: 'deleted' }
  if (hasWildcard(entry.value)) return { kind: 'never', why: 'wildcards inside a principal match nothing' }
  const arn = parseArn(entry.value)
  if (arn === undefined || !isAccountId(arn.accountId)) return { kind: 'unknown', accountId: undefined }
  if (arn.partition !== partition)
    return { kind: 'never', why: `a principal of partition ${arn.partition} cannot call here` }
  if (arn.resource === 'root') return { kind: 'account', accountId: arn.accountId }
  const session = /^assumed-role\/([^/]+)\/.+$/.exec(arn.resource)
  const role = session?.[1]
  return role === undefined
    ? { kind: 'principal', accountId: arn.accountId, arn: entry.value, session: false }
    : {
        kind: 'principal',
        accountId: arn.accountId,
        arn: `arn:${partition}:iam::${arn.accountId}:role/${role}`,
        session: true,
      }
}

/** Whether Principal or NotPrincipal of a Deny (or NotPrincipal of an Allow) names the caller with this ARN. */
export function namesCaller(
  element: PrincipalElement,
  actor: Actor,
  arn: string | undefined,
  partition: string,
): Truth {
  if (element.kind === 'any') return element.not ? 'false' : 'true'
  const truths = element.entries.map((entry) => namedBy(entry, element.not, actor, arn, partition))
  return element.not ? negate(anyTrue(truths)) : anyTrue(truths)
}

function namedBy(
  entry: PrincipalEntry,
  exempts: boolean,
  actor: Actor,
  arn: string | undefined,
  partition: string,
): Truth {
  const form = principalForm(entry, partition)
  switch (form.kind) {
    case 'service':
      return form.service === actor.service ? 'true' : 'false'
    case 'account':
      if (form.accountId !== actor.account) return 'false'
      // NotPrincipal with the account alone: whether its roles are exempt depends on the service.
      return exempts && arn !== undefined && !arn.endsWith(':root') ? 'unknown' : 'true'
    case 'principal':
      // Another session of the same role is not the one named, so a Deny on a session spares the role.
      return form.arn === arn && (!form.session || exempts || actor.principal === entry.value) ? 'true' : 'false'
    case 'deleted':
    case 'never':
      return 'false'
    case 'unknown':
      return form.accountId === undefined || form.accountId === actor.account ? 'unknown' : 'false'
    default:
      return form satisfies never
  }
}
