import { type Acknowledgment, Stack, Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { organizationReport } from '../derive/report-state-machine.ts'

const { functionName, stateMachineName } = organizationReport
const own = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`

/** What cdk-nag finds in the report and we accept, each with its reason. `wildcards` are ARNs that may hold tokens. */
export interface ReportParts {
  readonly functionRole: Construct
  readonly functionPolicies: readonly { readonly policy: Construct; readonly wildcards: readonly string[] }[]
  readonly stateMachineRole: { readonly role: Construct; readonly wildcards: readonly string[] }
  readonly stateMachine: Construct
}

/** Accepts it. */
export function acknowledgeReport(parts: ReportParts): void {
  const { functionRole, functionPolicies, stateMachineRole, stateMachine } = parts
  Validations.of(functionRole).acknowledge(
    wildcard(
      own('logs', `log-group:/aws/lambda/${functionName}:*`),
      "Stream names are made by Lambda; the wildcard stays inside the function's own log group.",
    ),
  )
  for (const { policy, wildcards } of functionPolicies) {
    const reason =
      'Names of runs are made when they start, and AWS Config chooses those of its snapshots: the wildcards stay inside the prefix of reports, or of snapshots, which are only read.'
    Validations.of(policy).acknowledge(...wildcards.map((one) => wildcard(shown(policy, one), reason)))
  }
  Validations.of(stateMachineRole.role).acknowledge(
    ...stateMachineRole.wildcards.map((one) =>
      wildcard(
        shown(stateMachineRole.role, one),
        'Names of runs are made when they start; the wildcard stays inside their folder.',
      ),
    ),
    ...[':', '/'].map((mark) =>
      wildcard(
        own('states', `execution:${stateMachineName}${mark}*`),
        "Step Functions names the executions of a map; the wildcard stays with the state machine's own.",
      ),
    ),
    wildcard(
      '*',
      'The calls by which Step Functions has its log delivered take no resource; the Deny must cover everything.',
    ),
  )
  Validations.of(stateMachine).acknowledge({
    id: 'AwsSolutions-SF2',
    reason:
      'One run a day of three kinds of task, whose times and errors are in the log of the state machine and in the metrics of the function: traces of thousands of children would cost more than the run.',
  })
}

function wildcard(resource: string, reason: string): Acknowledgment {
  return { id: `AwsSolutions-IAM5[Resource::${resource}]`, reason }
}

/** A text with tokens as cdk-nag shows it: `<LogicalId>`, `<LogicalId.Attribute>`. */
function shown(scope: Construct, text: string): string {
  const resolved: unknown = Stack.of(scope).resolve(text)
  const parts = isIntrinsic(resolved, 'Fn::Join')
    ? ((resolved['Fn::Join'] as [string, unknown[]])[1] ?? [])
    : [resolved]
  return parts.map(partOf).join('')
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part
  if (isIntrinsic(part, 'Ref')) return `<${String(part.Ref)}>`
  if (isIntrinsic(part, 'Fn::GetAtt')) return `<${(part['Fn::GetAtt'] as string[]).join('.')}>`
  throw new Error('an ARN of the report holds an intrinsic function that cdk-nag does not show')
}

function isIntrinsic<K extends string>(value: unknown, name: K): value is Readonly<Record<K, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
}
