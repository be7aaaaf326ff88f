import { CfnCondition, CfnParameter, Fn, aws_iam as iam, type Stack } from 'aws-cdk-lib'
import { type DeployedRoles, namesOf } from './deployed-roles.ts'
import type { InlineFunction } from './inline-function.ts'

/** Off by default: traces cost, and say no more than logs and metrics unless someone looks for what is slow. */
export function tracingParameter(scope: Stack): CfnCondition {
  const parameter = new CfnParameter(scope, 'Tracing', {
    default: 'off',
    allowedValues: ['off', 'on'],
    description: 'Whether the functions send traces to AWS X-Ray.',
  })
  return new CfnCondition(scope, 'TracesFunctions', { expression: Fn.conditionEquals(parameter.valueAsString, 'on') })
}

/** Lets functions send traces, and write to X-Ray only where they do. */
export function trace(
  scope: Stack,
  traces: CfnCondition,
  functions: readonly InlineFunction[],
  roles: DeployedRoles,
): iam.CfnPolicy {
  for (const { function: one } of functions) {
    one.tracingConfig = { mode: Fn.conditionIf(traces.logicalId, 'Active', 'PassThrough').toString() }
  }
  const policy = new iam.CfnPolicy(scope, 'TracingUse', {
    policyName: 'tracing',
    roles: namesOf(roles),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SendTraces',
          Effect: 'Allow',
          Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          Resource: '*',
        },
      ],
    },
  })
  policy.cfnOptions.condition = traces
  return policy
}
