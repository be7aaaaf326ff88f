import { AwsClient } from 'aws4fetch'

/** A state machine in moto, interpreted. */
export interface Execution {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  readonly startDate: number
  readonly output?: string
  readonly error?: string
  readonly cause?: string
}

/**
 * A definition in the spelling that moto's grammar takes: it knows no whole numbers as percentages. The text is other JSON for the
 * very same definition; nothing else is changed.
 */
export function asMotoReads(definition: object): string {
  return JSON.stringify(definition).replace(/("ToleratedFailurePercentage":\d+)(?=[,}])/g, '$1.0')
}

/** Calls Step Functions of moto, by its JSON protocol. @throws Error with the answer of a call that was refused */
export function stepFunctions(endpoint: string, region: string) {
  const client = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', service: 'states', region })
  const call = async (operation: string, input: object) => {
    const answer = await client.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
      body: JSON.stringify(input),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }
  return {
    /** Makes a state machine; its ARN. */
    create: async (name: string, definition: object): Promise<string> => {
      const roleArn = 'arn:aws:iam::123456789012:role/report'
      const input = { name, definition: asMotoReads(definition), roleArn }
      return (await call('CreateStateMachine', input)).stateMachineArn
    },
    /** Runs it to its end; `name` is the execution's. */
    run: async (stateMachineArn: string, name: string): Promise<Execution> => {
      const { executionArn } = await call('StartExecution', { stateMachineArn, name, input: '{}' })
      for (;;) {
        const execution: Execution = await call('DescribeExecution', { executionArn })
        if (execution.status !== 'RUNNING') return execution
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
  }
}
