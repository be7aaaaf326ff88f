import type { SweepFollowUp } from '../../shared/events/sweep-follow-up.ts'

/** Largest event of an asynchronous invocation, bytes. */
const MOST_BYTES = 262_144

/** The one call of AWS Lambda that a function makes: `Lambda` of `@aws-sdk/client-lambda` has it. */
export interface LambdaCaller {
  invoke(input: {
    readonly FunctionName: string
    readonly InvocationType: 'Event'
    readonly Payload: Uint8Array
  }): Promise<{ readonly StatusCode?: number | undefined }>
}

/** IAM actions of a follow-up event: the function may invoke itself, and no other. */
export const permissions = [{ action: 'lambda:InvokeFunction', resource: 'own function' }] as const

/**
 * Sends a function its own follow-up event, asynchronously: Lambda keeps it encrypted, tries it again twice and leaves it in the
 * function's dead-letter queue like any event of AWS Config. Rejects when Lambda did not take it; the error names no content.
 */
export function invokeItself(caller: LambdaCaller): (functionArn: string, event: SweepFollowUp) => Promise<void> {
  return async (functionArn, event) => {
    const Payload = new TextEncoder().encode(JSON.stringify(event))
    if (Payload.length > MOST_BYTES)
      throw new Error(`a follow-up event of ${Payload.length} bytes is too large for Lambda`)
    const { StatusCode } = await caller.invoke({ FunctionName: functionArn, InvocationType: 'Event', Payload })
    if (StatusCode !== 202) throw new Error('lambda:InvokeFunction did not take the follow-up event')
  }
}
