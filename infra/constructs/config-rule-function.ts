import { Aws, aws_lambda as lambda } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { InlineFunction, type InlineFunctionProps } from './inline-function.ts'

/** A Lambda function that AWS Config invokes, with its own role, log group and permission. */
export class ConfigRuleFunction extends InlineFunction {
  /** Config checks it when a rule is created, so rules have to depend on it. */
  readonly permission: lambda.CfnPermission

  constructor(scope: Construct, id: string, props: InlineFunctionProps) {
    super(scope, id, props)
    this.permission = configMayInvoke(this, this.function)
  }
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
