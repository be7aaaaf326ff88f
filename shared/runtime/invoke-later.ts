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

/**
 * Hands an event to a function (its name or ARN), asynchronously: Lambda keeps it encrypted, tries it as often as the function says
 * and then sets it aside. `what` names the event in errors (`the follow-up event`), which hold nothing of its content. Rejects when
 * Lambda did not take it.
 */
export async function invokeLater(
  caller: LambdaCaller,
  functionName: string,
  event: unknown,
  what: string,
): Promise<void> {
  const Payload = new TextEncoder().encode(JSON.stringify(event))
  if (Payload.length > MOST_BYTES) throw new Error(`${what} of ${Payload.length} bytes is too large for Lambda`)
  const { StatusCode } = await caller.invoke({ FunctionName: functionName, InvocationType: 'Event', Payload })
  if (StatusCode !== 202) throw new Error(`lambda:InvokeFunction did not take ${what}`)
}
