import type { Check, CheckItem, CheckStatus, Examination } from './check.ts'
import { worstOf } from './check.ts'

/** What `--format json` prints. */
export interface DoctorResult {
  readonly status: CheckStatus
  readonly accountId?: string
  readonly callerArn?: string
  readonly checks: readonly Check[]
}

/** The examination with its worst status first. */
export function resultOf(examination: Examination): DoctorResult {
  return { status: worstOf(examination.checks.map(({ status }) => status)), ...examination }
}

/** What a check found not to be as it should be. */
export function missingOf({ items = [] }: Check): readonly CheckItem[] {
  return items.filter(({ status }) => status !== 'ok')
}
