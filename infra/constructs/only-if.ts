import { type CfnCondition, CfnResource } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** Everything in `scope` exists only where the condition holds. What has a condition of its own keeps that. */
export function onlyIf(condition: CfnCondition, scope: Construct): void {
  for (const one of scope.node.findAll()) {
    if (CfnResource.isCfnResource(one)) one.cfnOptions.condition ??= condition
  }
}
