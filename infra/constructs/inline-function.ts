import { aws_iam as iam, aws_lambda as lambda, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { functionDefaults, limits } from '../config.ts'
import type { PermissionStatement } from '../derive/permissions.ts'
import { inlineCode } from '../inline-code.ts'
import { type AssumedRole, statementDocuments } from './assumed-role.ts'

/** What a function of the template is made from. */
export interface InlineFunctionProps {
  readonly functionName: string
  readonly description: string
  /** A CommonJS bundle that exports `handler`; `index.js` becomes a loader that holds it. At most 4 MB of them. */
  readonly code: string
  readonly statements: readonly PermissionStatement[]
  /** Missing for a function that enters no other role. */
  readonly assumes?: AssumedRole
  readonly environment: Readonly<Record<string, string>>
  /** A number, or a token such as a conditional parameter; `Aws.NO_VALUE` leaves concurrency unreserved. */
  readonly reservedConcurrency: number
  /** Unless told, that of `functionDefaults`. */
  readonly timeoutSeconds?: number
  /** Missing for a function that a queue's poller invokes: the queue itself tries again. */
  readonly asynchronous?: AsynchronousProps
}

/** What becomes of invocations that nobody waits for. */
export interface AsynchronousProps {
  readonly maximumEventAgeInSeconds: number
  readonly maximumRetryAttempts: number
  /** ARN of the queue of those that failed every time. The function's role may send to it. */
  readonly failedInvocations: string
}

/**
 * A Lambda function with its own role and log group.
 * Written with L1 resources: the L2 ones attach managed policies, and AWSConfigRulesExecutionRole
 * would let the function change rules and recorders and read every Config bucket.
 */
export class InlineFunction extends Construct {
  readonly functionName: string
  readonly function: lambda.CfnFunction
  readonly role: iam.CfnRole
  readonly logGroup: logs.CfnLogGroup

  constructor(scope: Construct, id: string, props: InlineFunctionProps) {
    super(scope, id)
    const code = inlined(props)
    this.functionName = props.functionName
    this.logGroup = ownLogGroup(this, props.functionName)
    this.role = ownRole(this, props)
    this.function = ownFunction(this, props, code, this.role)
    this.function.addResourceDependency(this.logGroup)
    if (props.asynchronous) triesAgain(this, this.function, props.asynchronous)
  }
}

function inlined({ functionName, code }: InlineFunctionProps): string {
  if (code === '') throw new Error('the Lambda bundle is empty: build it with bundleLambda of infra/bundle.ts')
  const index = inlineCode(functionName, code)
  const bytes = Buffer.byteLength(index)
  if (bytes > limits.inlineCodeBytes) throw new Error(`the Lambda code has ${bytes} bytes; inline code ends at 4 MB`)
  return index
}

/** Created here, not by Lambda on first use, so that logs expire and the role needs no logs:CreateLogGroup. */
function ownLogGroup(scope: Construct, functionName: string): logs.CfnLogGroup {
  const group = new logs.CfnLogGroup(scope, 'LogGroup', {
    logGroupName: `/aws/lambda/${functionName}`,
    retentionInDays: functionDefaults.logRetentionDays,
  })
  group.applyRemovalPolicy(RemovalPolicy.DESTROY)
  return group
}

function ownRole(scope: Construct, { statements, assumes }: InlineFunctionProps): iam.CfnRole {
  return new iam.CfnRole(scope, 'Role', {
    description: 'What one pullpath function needs: reads, its queues, its own log. No managed policies.',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        policyName: 'auditor',
        policyDocument: { Version: '2012-10-17', Statement: statementDocuments(statements, assumes) },
      },
    ],
  })
}

function ownFunction(
  scope: Construct,
  props: InlineFunctionProps,
  index: string,
  role: iam.CfnRole,
): lambda.CfnFunction {
  return new lambda.CfnFunction(scope, 'Function', {
    functionName: props.functionName,
    description: props.description,
    runtime: functionDefaults.runtime,
    architectures: [functionDefaults.architecture],
    memorySize: functionDefaults.memoryMegabytes,
    timeout: props.timeoutSeconds ?? functionDefaults.timeoutSeconds,
    handler: 'index.handler',
    role: role.attrArn,
    code: { zipFile: index },
    // So that the function can tell whether its listing of roles is complete: its own must be in it.
    environment: { variables: { ...props.environment, PULLPATH_OWN_ROLE: role.ref } },
    reservedConcurrentExecutions: props.reservedConcurrency,
  })
}

/** An invocation that failed every time is set aside with its event, instead of being forgotten. */
function triesAgain(scope: Construct, target: lambda.CfnFunction, props: AsynchronousProps): void {
  const { failedInvocations, ...attempts } = props
  new lambda.CfnEventInvokeConfig(scope, 'Asynchronous', {
    functionName: target.ref,
    qualifier: '$LATEST',
    ...attempts,
    destinationConfig: { onFailure: { destination: failedInvocations } },
  })
}
