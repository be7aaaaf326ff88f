import type { SweepFollowUp } from '../../shared/events/sweep-follow-up.ts'
import { invokeLater, type LambdaCaller } from '../../shared/runtime/invoke-later.ts'

/** IAM actions of a follow-up event: the function may invoke itself, and no other. */
export const permissions = [{ action: 'lambda:InvokeFunction', resource: 'own function' }] as const

/**
 * Sends a function its own follow-up event: it is tried again twice and left in the function's dead-letter queue like any event of
 * AWS Config. Rejects when Lambda did not take it.
 */
export function invokeItself(caller: LambdaCaller): (functionArn: string, event: SweepFollowUp) => Promise<void> {
  return (functionArn, event) => invokeLater(caller, functionArn, event, 'the follow-up event')
}
