import { Aws, Fn, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { functionDefaults, limits } from '../config.ts'
import type { PermissionStatement } from '../derive/permissions.ts'
import { inlineCode } from '../inline-code.ts'

/** What one function behind AWS Config rules needs. */
export interface ConfigRuleFunctionProps {
  readonly functionName: string
  readonly description: string
  /** A CommonJS bundle that exports `handler`; `index.js` becomes a loader that holds it. At most 4 MB of them. */
  readonly code: string
  readonly statements: readonly PermissionStatement[]
  readonly environment: Readonly<Record<string, string>>
  /** A number, or a token such as a conditional parameter; `Aws.NO_VALUE` leaves concurrency unreserved. */
  readonly reservedConcurrency: number
}

/**
 * A Lambda function that AWS Config invokes, with its own role, log group and permission.
 * Written with L1 resources: the L2 ones attach managed policies, and AWSConfigRulesExecutionRole
 * would let the function change rules and recorders and read every Config bucket.
 */
export class ConfigRuleFunction extends Construct {
  readonly function: lambda.CfnFunction
  readonly role: iam.CfnRole
  readonly logGroup: logs.CfnLogGroup
  /** Config checks it when a rule is created, so rules have to depend on it. */
  readonly permission: lambda.CfnPermission

  constructor(scope: Construct, id: string, props: ConfigRuleFunctionProps) {
    super(scope, id)
    const code = inlined(props)
    this.logGroup = ownLogGroup(this, props.functionName)
    this.role = ownRole(this, props.statements)
    this.function = ownFunction(this, props, code, this.role)
    this.function.addResourceDependency(this.logGroup)
    this.permission = configMayInvoke(this, this.function)
  }
}

function inlined({ functionName, code }: ConfigRuleFunctionProps): string {
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

function ownRole(scope: Construct, statements: readonly PermissionStatement[]): iam.CfnRole {
  return new iam.CfnRole(scope, 'Role', {
    description: 'Reads what the enabled pullpath rules need; records evaluations and findings. No managed policies.',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        policyName: 'auditor',
        policyDocument: { Version: '2012-10-17', Statement: statements.map(statementDocument) },
      },
    ],
  })
}

function statementDocument({ sid, effect, actions, resources }: PermissionStatement): object {
  const substituted = resources.map((resource) => (resource.includes('${') ? Fn.sub(resource) : resource))
  return { Sid: sid, Effect: effect, Action: actions, Resource: substituted }
}

function ownFunction(
  scope: Construct,
  props: ConfigRuleFunctionProps,
  index: string,
  role: iam.CfnRole,
): lambda.CfnFunction {
  return new lambda.CfnFunction(scope, 'Function', {
    functionName: props.functionName,
    description: props.description,
    runtime: functionDefaults.runtime,
    architectures: [functionDefaults.architecture],
    memorySize: functionDefaults.memoryMegabytes,
    timeout: functionDefaults.timeoutSeconds,
    handler: 'index.handler',
    role: role.attrArn,
    code: { zipFile: index },
    // So that the function can tell whether its listing of roles is complete: its own must be in it.
    environment: { variables: { ...props.environment, PULLPATH_OWN_ROLE: role.ref } },
    reservedConcurrentExecutions: props.reservedConcurrency,
  })
}

/**
 * SourceAccount keeps AWS Config of other accounts out (the confused deputy). SourceArn cannot be used here:
 * the rule's ARN is not known before the rule exists, and the rule is refused before the permission exists.
 */
function configMayInvoke(scope: Construct, target: lambda.CfnFunction): lambda.CfnPermission {
  return new lambda.CfnPermission(scope, 'ConfigMayInvoke', {
    action: 'lambda:InvokeFunction',
    functionName: target.attrArn,
    principal: 'config.amazonaws.com',
    sourceAccount: Aws.ACCOUNT_ID,
  })
}
