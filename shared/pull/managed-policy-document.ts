import { policyDocumentOf, statedDocument } from '../iam/evaluate/document.ts'
import type { PolicyDocument } from '../iam/evaluate/types.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { parseArn } from '../model/arn.ts'
import type { AwsManagedPolicy } from '../model/aws-managed-policy.ts'
import { absent } from '../model/fact.ts'
import type { Evidence } from '../model/verdict.ts'

/** The text of a managed policy as the evaluation wants it, and where it comes from when AWS wrote it. */
export interface ManagedPolicyDocument {
  readonly document: PolicyDocument
  readonly evidence: readonly Evidence[]
  readonly assumptions: readonly string[]
}

/**
 * A managed policy by its ARN: from the inventory, else AWS's own from the capture it was built with, which holds registry
 * statements only (so it answers for actions of ECR and no others). In neither: unknown, and named.
 */
export function managedPolicyDocument(inventory: Inventory, arn: string): ManagedPolicyDocument {
  const held = inventory.managedPolicy(arn)
  if (held.state === 'known') {
    return {
      document: policyDocumentOf(titleOf(arn), held.value.document),
      evidence: [],
      assumptions: held.assumptions,
    }
  }
  const captured = inventory.capturedPolicy(arn)
  if (captured !== undefined) return fromCapture(arn, captured)
  const reason = held.state === 'unknown' ? held.reason : `${arn} is not in the inventory`
  return { document: { state: 'unknown', name: titleOf(arn), reason }, evidence: [], assumptions: [] }
}

/** Policies of AWS that speak of registries and logs alone: of every other action their silence is known without their text. */
const ofRegistriesAlone: ReadonlySet<string> = new Set([
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonECSTaskExecutionRolePolicy',
])

/** As above for actions that are not of ECR, of which the capture says nothing. */
export function managedPolicyBeyondRegistry(inventory: Inventory, arn: string): ManagedPolicyDocument {
  if (inventory.managedPolicy(arn).state === 'known') return managedPolicyDocument(inventory, arn)
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  if (parseArn(arn)?.accountId === 'aws' && ofRegistriesAlone.has(name)) {
    const assumptions = [`assumes that ${awsManagedTitle(name)} speaks of registries and logs alone`]
    return { document: policyDocumentOf(titleOf(arn), absent()), evidence: [], assumptions }
  }
  const reason = `the text of ${arn} is not in the inventory`
  return { document: { state: 'unknown', name: titleOf(arn), reason }, evidence: [], assumptions: [] }
}

/** The title of a policy that AWS wrote, by its name. */
export function awsManagedTitle(name: string): string {
  return `AWS-managed policy ${name}`
}

/** What evidence calls a managed policy: no policy of a customer gets the title of one that AWS wrote. */
function titleOf(arn: string): string {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  return parseArn(arn)?.accountId === 'aws' ? awsManagedTitle(name) : `managed policy ${name}`
}

function fromCapture(arn: string, captured: AwsManagedPolicy): ManagedPolicyDocument {
  const title = awsManagedTitle(captured.name)
  const seen = `as captured on ${captured.capturedAt}`
  if (captured.state === 'noRegistryAccess') {
    return {
      document: policyDocumentOf(title, absent()),
      evidence: [{ source: title, detail: `${seen} it holds no statement on ECR` }],
      assumptions: captured.assumptions,
    }
  }
  return {
    document: statedDocument(title, captured.document),
    evidence: [{ source: title, detail: `version ${captured.versionId} ${seen} (${arn})` }],
    assumptions: captured.assumptions,
  }
}
