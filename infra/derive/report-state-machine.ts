/** Names of the report, which roles and metrics speak of before they exist. */
export const organizationReport = {
  constructId: 'OrganizationReport',
  functionName: 'pullpath-organization-report',
  description: 'Judges one account and region after the other for the report on the organization',
  entry: 'lambdas/organization-report/handler.ts',
  stateMachineName: 'pullpath-organization-report',
  /** Of the EventBridge rule that starts it. */
  ruleName: 'pullpath-organization-report',
  timeoutSeconds: 900,
  /** Snapshots are read as they arrive; what they hold of wanted types is in memory. */
  memoryMegabytes: 3_008,
} as const

/** Seconds. A state waits longer than the function may run, so that Lambda says first what became of it. */
const timeouts = { task: organizationReport.timeoutSeconds + 60, execution: 6 * 3_600 } as const

/** Accounts and regions that are judged at the same time: they share the rates of one aggregator and one bucket. */
const MAX_CONCURRENCY = 100

/** Where the definition calls and writes; all may hold tokens of a template. */
export interface StateMachinePlace {
  readonly partition: string
  readonly functionArn: string
  /** Name of the hub's bucket. */
  readonly bucket: string
  /** Ends in `/`. */
  readonly reportPrefix: string
}

/** Below which prefix Step Functions writes what became of the tasks: a folder for each run of the map. Without a `/` at its end. */
export function mapPrefix(reportPrefix: string): string {
  return `${reportPrefix}map-runs`
}

/**
 * The definition of the organization report in Amazon States Language. Plan names the accounts and regions; a distributed map judges
 * each; Reduce puts the results together. What fails in the map is reported by Reduce as not covered, however much it is; what fails
 * elsewhere fails the execution, and the report before stays the newest.
 */
export function reportStateMachine({ partition, functionArn, bucket, reportPrefix }: StateMachinePlace) {
  const task = (payload: object) => invocation(partition, functionArn, payload)
  const startedAt = { 'startedAt.$': '$.plan.startedAt' }
  return {
    Comment: 'The pullpath report on the organization',
    StartAt: 'Plan',
    TimeoutSeconds: timeouts.execution,
    States: {
      Plan: {
        ...task({ task: 'plan', 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' }),
        ResultSelector: {
          ...{ 'run.$': '$.Payload.run', 'startedAt.$': '$.Payload.startedAt', 'shardsKey.$': '$.Payload.shardsKey' },
        },
        ...{ ResultPath: '$.plan', Catch: failure, Next: 'Shards' },
      },
      Shards: {
        Type: 'Map',
        Label: 'Shards',
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: bucket, 'Key.$': '$.plan.shardsKey' },
        },
        ItemSelector: { task: 'shard', 'run.$': '$.plan.run', ...startedAt, 'shard.$': '$$.Map.Item.Value' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Shard',
          States: {
            Shard: {
              ...task({}),
              Parameters: { FunctionName: functionArn, 'Payload.$': '$' },
              ...{ OutputPath: '$.Payload', End: true },
            },
          },
        },
        MaxConcurrency: MAX_CONCURRENCY,
        ToleratedFailurePercentage: 100,
        ResultWriter: {
          Resource: `arn:${partition}:states:::s3:putObject`,
          Parameters: { Bucket: bucket, Prefix: mapPrefix(reportPrefix) },
        },
        ...{ ResultPath: '$.map', Catch: failure, Next: 'Reduce' },
      },
      Reduce: {
        ...task({ task: 'reduce', 'run.$': '$.plan.run', ...startedAt, 'map.$': '$.map.ResultWriterDetails' }),
        ...{ OutputPath: '$.Payload', Catch: failure, End: true },
      },
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  }
}

const failure = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Failed' }]

function invocation(partition: string, functionArn: string, payload: object) {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: timeouts.task,
    Retry: retries,
  }
}

/** What Lambda cannot do just now, and what the function says is worth trying again. A function that ran out of time would again. */
const retries = [
  {
    ErrorEquals: [
      ...['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'],
      ...['Lambda.ClientExecutionTimeoutException', 'Lambda.TooManyRequestsException'],
    ],
    ...{ IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2, MaxDelaySeconds: 120, JitterStrategy: 'FULL' },
  },
  {
    ErrorEquals: ['PassingProblem'],
    ...{ IntervalSeconds: 15, MaxAttempts: 3, BackoffRate: 3, MaxDelaySeconds: 300, JitterStrategy: 'FULL' },
  },
  {
    // The process was killed; once more changes nothing that was written. One that has too little memory would be killed again.
    ErrorEquals: ['Runtime.ExitError'],
    ...{ IntervalSeconds: 15, MaxAttempts: 1, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
  },
]
