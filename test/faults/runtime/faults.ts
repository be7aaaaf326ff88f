import { Refusal } from '../../support/fake-aws/refusal.ts'
import { denied, expired, throttled } from '../../support/fake-estate/faults.ts'

/** The ways in which a request goes wrong before the service has done anything. */
export const refusals = ['throttled', 'denied', 'expired', 'failing', 'reset', 'hang'] as const
/** The ways in which an answer goes wrong after the service has done what it was asked. */
export const garbles = ['lost', 'empty', 'html', 'halved', 'null'] as const
/** The service does a part of it, and says so. */
export const partly = 'partly'
/** A listing that is well-formed, whole as far as anyone can see, and misses something. */
export const short = 'short'

/** How a request goes wrong. */
export type FaultKind = (typeof refusals)[number] | (typeof garbles)[number] | typeof partly | typeof short

/** Which request goes wrong: the how-manieth of its operation since the plan began, from 1. */
export interface PlannedFault {
  /** As IAM has it: `ecr:DescribeRepositories`. */
  readonly operation: string
  readonly nth: number
  readonly kind: FaultKind
}

/** What the functions read, by what they judge; `all` of them, and for pulls. */
export const readOperations = {
  ecr: ['ecr:DescribeRepositories', 'ecr:GetRepositoryPolicy', 'ecr:GetRegistryPolicy'],
  role: [
    ...['iam:GetAccountAuthorizationDetails', 'iam:GetRole', 'iam:GetRolePolicy', 'iam:GetPolicyVersion'],
    ...['iam:ListEntitiesForPolicy', 'config:GetResourceConfigHistory'],
  ],
  vpc: ['ec2:DescribeVpcs', 'ec2:DescribeVpcEndpoints', 'ec2:DescribeSubnets', 'ecs:DescribeServices'],
  image: ['ecs:ListClusters', 'ecs:ListServices', 'ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  all: ['config:GetComplianceDetailsByConfigRule', 'config:GetComplianceDetailsByResource', 'securityhub:GetFindings'],
  pulls: [
    'ecs:DescribeTasks',
    'ecs:ListTasks',
    'ecs:DescribeServices',
    'ecs:DescribeTaskDefinition',
    'ec2:DescribeVpcEndpoints',
  ],
} as const

/** What changes something elsewhere. */
export const writeOperations = [
  'config:PutEvaluations',
  'securityhub:BatchImportFindings',
  'sqs:SendMessageBatch',
  'lambda:Invoke',
] as const
/** Writes whose answer tells of each entry whether it was taken. */
export const batchOperations: readonly string[] = [
  'config:PutEvaluations',
  'securityhub:BatchImportFindings',
  'sqs:SendMessageBatch',
]

/** The refusal of that kind, as the service words it; undefined when no answer comes at all. */
export function refusalOf(kind: FaultKind, service: string): Refusal | undefined {
  switch (kind) {
    case 'throttled':
      return throttled(service)
    case 'denied':
      return denied(service)
    case 'expired':
      return expired(service)
    case 'failing':
      return new Refusal('InternalFailure', 500)
    default:
      return undefined
  }
}

/** What is left of an answer. */
export function garbled(kind: FaultKind, text: string): string {
  switch (kind) {
    case 'empty':
      return ''
    case 'html':
      return '<html><body>Bad gateway</body></html>'
    case 'null':
      return 'null'
    case 'halved':
      return text.slice(0, text.length >> 1)
    default:
      return text
  }
}
