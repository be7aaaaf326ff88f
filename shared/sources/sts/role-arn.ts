import { isAccountId } from '../../model/arn.ts'

/** `pathOf/role` or `role`, a leading slash allowed: the characters and lengths IAM takes. */
const namePattern = /^\/?(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/
const maxLength = 512

/**
 * The ARN of a role, for example `arn:aws:iam::111122223333:role/audit/reader` for the name `audit/reader`. Undefined when
 * the account id or the name is none.
 */
export function roleArnOf(partition: string, accountId: string, roleName: string): string | undefined {
  if (!isAccountId(accountId) || roleName.length > maxLength || !namePattern.test(roleName)) return undefined
  const name = roleName.startsWith('/') ? roleName.slice(1) : roleName
  return `arn:${partition}:iam::${accountId}:role/${name}`
}
