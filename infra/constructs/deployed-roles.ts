import { Aws, type CfnCondition, Fn, type aws_iam as iam } from 'aws-cdk-lib'

/** Roles a policy is attached to, some of which exist only where findings go to Security Hub. */
export interface DeployedRoles {
  readonly always: readonly iam.CfnRole[]
  readonly publishing: readonly iam.CfnRole[]
  readonly publishes: CfnCondition
}

/** Their names, without those that do not exist. */
export function namesOf({ always, publishing, publishes }: DeployedRoles): string[] {
  return [
    ...always.map(({ ref }) => ref),
    ...publishing.map(({ ref }) => Fn.conditionIf(publishes.logicalId, ref, Aws.NO_VALUE).toString()),
  ]
}
