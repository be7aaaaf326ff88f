import { policyDocumentOf } from '../iam/evaluate/document.ts'
import type { PolicyDocument } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { guardrailsOf } from './guardrails.ts'
import {
  type ManagedPolicyDocument,
  managedPolicyBeyondRegistry,
  managedPolicyDocument,
} from './managed-policy-document.ts'
import { remembering } from './remembered.ts'
import type { RoleLayers } from './types.ts'

const remembered = remembering<RoleLayers>()

/**
 * Every document that has a say on what a role may do in registries: its policies, its boundary, the guardrails of its
 * account.
 */
export function layersOfRole(inventory: Inventory, role: Role): RoleLayers {
  return remembered([inventory, role], 'registry', () => assembled(inventory, role, managedPolicyDocument))
}

/** As above for actions that are not of ECR: policies of AWS whose whole text nobody carries are unknown there. */
export function layersBeyondRegistry(inventory: Inventory, role: Role): RoleLayers {
  return remembered([inventory, role], 'beyond', () => assembled(inventory, role, managedPolicyBeyondRegistry))
}

type ReadManaged = typeof managedPolicyDocument

function assembled(inventory: Inventory, role: Role, read: ReadManaged): RoleLayers {
  const attached = attachedDocuments(inventory, role, read)
  const boundary = boundaryOf(inventory, role, read)
  const scps = guardrailsOf(inventory.organizationTree, role.ref.accountId, 'SERVICE_CONTROL_POLICY')
  const { managementAccountId } = inventory.organizationTree
  const managed = [...attached, ...boundary]
  return {
    role,
    identityPolicies: [...inlineDocuments(role), ...attached.map(({ document }) => document)],
    ...(boundary.length === 0 ? {} : { permissionsBoundaries: boundary.map(({ document }) => document) }),
    ...(scps.levels === undefined ? {} : { serviceControlPolicies: scps.levels }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
    assumptions: [...new Set([...managed.flatMap(({ assumptions }) => assumptions), ...scps.assumptions])],
    evidence: managed.flatMap(({ evidence }) => evidence),
  }
}

function inlineDocuments({ name, inlinePolicies }: Role): readonly PolicyDocument[] {
  if (inlinePolicies.state === 'absent') return []
  if (inlinePolicies.state === 'unknown') {
    return [{ state: 'unknown', name: `inline policies of role ${name}`, reason: inlinePolicies.reason }]
  }
  return inlinePolicies.value.map((inline) =>
    policyDocumentOf(`inline policy ${inline.name} of role ${name}`, inline.document),
  )
}

function attachedDocuments(
  inventory: Inventory,
  { name, attachedPolicies }: Role,
  read: ReadManaged,
): readonly ManagedPolicyDocument[] {
  if (attachedPolicies.state === 'absent') return []
  if (attachedPolicies.state === 'unknown') {
    return [unreadable(`managed policies of role ${name}`, attachedPolicies.reason)]
  }
  return attachedPolicies.value.map(({ arn }) => read(inventory, arn))
}

function boundaryOf(
  inventory: Inventory,
  { name, permissionsBoundary }: Role,
  read: ReadManaged,
): readonly ManagedPolicyDocument[] {
  if (permissionsBoundary.state === 'absent') return []
  if (permissionsBoundary.state === 'unknown') {
    return [unreadable(`permissions boundary of role ${name}`, permissionsBoundary.reason)]
  }
  return [read(inventory, permissionsBoundary.value)]
}

function unreadable(name: string, reason: string): ManagedPolicyDocument {
  return { document: { state: 'unknown', name, reason }, evidence: [], assumptions: [] }
}
