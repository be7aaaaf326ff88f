import type { JsonObject } from '../../shared/model/json.ts'

/** How a check ended; `unknown`: it could not be made. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'unknown'

/** One of several things a check looked at: a rule, a resource type, a permission. */
export interface CheckItem {
  readonly name: string
  readonly status: CheckStatus
  readonly reason: string
  /** The IAM statement that would give what is missing. */
  readonly statement?: JsonObject
}

/** One check of an account, or of one of its regions. Texts of AWS in it are not yet safe for a terminal. */
export interface Check {
  readonly id: CheckId
  /** Missing for what concerns the account. */
  readonly region?: string
  readonly status: CheckStatus
  /** One line. */
  readonly reason: string
  /** What to do about it, one line. */
  readonly fix?: string
  readonly items?: readonly CheckItem[]
}

/** What is checked, in this order. */
export const checkIds = [
  'credentials',
  'region',
  'recorder',
  'delivery-channel',
  'config-rules',
  'security-hub',
  'agreement',
  'permissions',
] as const
/** One of `checkIds`. */
export type CheckId = (typeof checkIds)[number]

/** Everything about one account, in order. */
export interface Examination {
  readonly accountId?: string
  readonly callerArn?: string
  readonly checks: readonly Check[]
}

const gravity: readonly CheckStatus[] = ['ok', 'warn', 'unknown', 'fail']

/** The gravest of several: fail before unknown before warn before ok. */
export function worstOf(statuses: readonly CheckStatus[]): CheckStatus {
  return gravity[Math.max(0, ...statuses.map((status) => gravity.indexOf(status)))] ?? 'unknown'
}
