import { parseArn } from '../../model/arn.ts'
import type { AwsManagedPolicy } from '../../model/aws-managed-policy.ts'
import type { JsonValue } from '../../model/json.ts'
import data from './data.json' with { type: 'json' }

/** The shape of `data.json`, which `scripts/refresh-managed-policies.ts` writes. Statements are in AWS's order. */
export interface ManagedPolicyCapture {
  readonly capturedAt: string
  readonly policies: { readonly [name: string]: CapturedPolicy }
  /** Names of the policies without a statement on registry actions, sorted. */
  readonly withoutRegistryActions: readonly string[]
}

/** One policy of the capture. */
export interface CapturedPolicy {
  readonly versionId: string
  /** Version of the policy language. */
  readonly language: string
  readonly statements: readonly JsonValue[]
}

const capture = data as unknown as ManagedPolicyCapture

/**
 * The policy of AWS with this ARN (`arn:<partition>:iam::aws:policy/[path/]Name`), found by its name. Undefined when the
 * capture does not hold it, which says nothing about what it grants, and for policies of customers. The capture is of
 * the commercial partition: in others the answer carries an assumption, and a text that names `arn:aws:` is unknown.
 */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'iam' || parts.accountId !== 'aws' || parts.region !== '') return undefined
  if (!parts.resource.startsWith('policy/')) return undefined
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1)
  const { capturedAt } = capture
  const assumptions = assumptionsIn(parts.partition, name)
  const policy = policyNamed(name)
  if (policy !== undefined) {
    if (parts.partition !== 'aws' && namesCommercialArns(policy)) return undefined
    const document = { Version: policy.language, Statement: policy.statements }
    return { state: 'known', name, versionId: policy.versionId, capturedAt, document, assumptions }
  }
  return namesWithout().has(name) ? { state: 'noRegistryAccess', name, capturedAt, assumptions } : undefined
}

/**
 * True for the actions the capture speaks of, those of `ecr` and `ecr-public`. What a captured policy says of any other
 * action is unknown: neither its silence nor an Allow of `*` or a NotAction among its statements may be relied on.
 */
export function capturedPoliciesSpeakOf(action: string): boolean {
  return /^ecr(?:-public)?:/i.test(action)
}

function policyNamed(name: string): CapturedPolicy | undefined {
  return Object.hasOwn(capture.policies, name) ? capture.policies[name] : undefined
}

let without: ReadonlySet<string> | undefined

function namesWithout(): ReadonlySet<string> {
  without ??= new Set(capture.withoutRegistryActions)
  return without
}

function assumptionsIn(partition: string, name: string): readonly string[] {
  if (partition === 'aws') return []
  return [`assumes that the AWS-managed policy ${name} reads in partition ${partition} as in the commercial one`]
}

function namesCommercialArns({ statements }: CapturedPolicy): boolean {
  return JSON.stringify(statements).includes('arn:aws:')
}
