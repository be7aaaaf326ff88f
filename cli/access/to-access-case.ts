import { withCompleteContext } from '../../shared/iam/evaluate/derived-context.ts'
import { policyDocumentOf } from '../../shared/iam/evaluate/document.ts'
import type {
  AccessCase,
  AccessRequest,
  GuardrailLevel,
  PolicyDocument,
  ResourcePolicyDocument,
} from '../../shared/iam/evaluate/types.ts'
import { policySource } from '../../shared/inventory/policy-source.ts'
import type { CaseDraft, PolicyItem } from './case-schema.ts'

type LevelItem = NonNullable<CaseDraft['serviceControlPolicies']>[number]

/** Pointers of the keys that occur twice, relative to the case; `claimed` gathers those inside a policy, which speak of it alone. */
interface Duplicates {
  readonly all: readonly string[]
  readonly claimed: Set<string>
}

/** The case for the engine, or the pointer of a key outside the policies that occurs twice. */
export type Converted =
  | { readonly ok: true; readonly case: AccessCase }
  | { readonly ok: false; readonly twice: string }

/**
 * Reads the policies of a case. One that cannot be read stays in its layer as unknown.
 * `duplicateKeys` are JSON pointers relative to the case.
 */
export function toAccessCase(draft: CaseDraft, duplicateKeys: readonly string[]): Converted {
  const duplicates: Duplicates = { all: duplicateKeys, claimed: new Set() }
  const one: AccessCase = {
    request: requestOf(draft),
    identityPolicies: documents(draft.identityPolicies ?? [], 'identityPolicies', 'identity policy', duplicates),
    ...resourcePolicies(draft, duplicates),
    ...layer('permissionsBoundaries', draft.permissionBoundaries, (items) =>
      documents(items, 'permissionBoundaries', 'permissions boundary', duplicates),
    ),
    ...layer('sessionPolicies', draft.sessionPolicy && [draft.sessionPolicy], ([item]) =>
      item === undefined ? [] : [document(item, '/sessionPolicy', 'session policy', duplicates)],
    ),
    ...layer('serviceControlPolicies', draft.serviceControlPolicies, (items) =>
      levelsOf(items, 'serviceControlPolicies', 'SCP', duplicates),
    ),
    ...layer('resourceControlPolicies', draft.resourceControlPolicies, (items) =>
      levelsOf(items, 'resourceControlPolicies', 'RCP', duplicates),
    ),
    ...layer('endpointPolicies', draft.endpointPolicies, (items) =>
      documents(items, 'endpointPolicies', 'endpoint policy', duplicates),
    ),
    ...(draft.managementAccountId ? { managementAccountId: draft.managementAccountId } : {}),
  }
  const twice = duplicateKeys.find((pointer) => !duplicates.claimed.has(pointer))
  return twice === undefined ? { ok: true, case: withCompleteContext(one) } : { ok: false, twice }
}

function requestOf({ request }: CaseDraft): AccessRequest {
  const { principal, action, context } = request
  const { resource: arn, accountId, bucketAccountId } = request.resource
  const bucket = bucketAccountId ? { bucketAccountId } : {}
  return { principal, action, resource: { arn, accountId, ...bucket }, context }
}

/** Absent for a list that is missing or empty: an empty layer does not apply. */
function layer<K extends string, T, U>(
  name: K,
  items: readonly T[] | null | undefined,
  convert: (items: readonly T[]) => U,
): { readonly [P in K]?: U } {
  const absent: { readonly [P in K]?: U } = {}
  return items && items.length > 0 ? { ...absent, [name]: convert(items) } : absent
}

function documents(
  items: readonly PolicyItem[],
  field: string,
  label: string,
  duplicates: Duplicates,
): readonly PolicyDocument[] {
  return items.map((item, index) => document(item, `/${field}/${index}`, `${label} ${index + 1}`, duplicates))
}

function levelsOf(
  levels: readonly LevelItem[],
  field: string,
  label: string,
  duplicates: Duplicates,
): readonly GuardrailLevel[] {
  return levels.map(({ orgIdentifier, policies }, level) => ({
    orgIdentifier,
    policies: policies.map((item, index) =>
      document(item, `/${field}/${level}/policies/${index}`, `${label} ${index + 1} of ${orgIdentifier}`, duplicates),
    ),
  }))
}

function resourcePolicies(
  draft: CaseDraft,
  duplicates: Duplicates,
): { readonly resourcePolicies: readonly ResourcePolicyDocument[] } {
  // Left out means that there is none; to the engine a list that is missing would mean that nobody looked.
  const found: ResourcePolicyDocument[] = []
  if (draft.resourcePolicy)
    found.push({ document: document(draft.resourcePolicy, '/resourcePolicy', 'resource policy', duplicates) })
  if (draft.registryPolicy) {
    const registry = document(draft.registryPolicy, '/registryPolicy', 'registry policy', duplicates)
    found.push({ document: registry, registryScope: draft.registryPolicyScope ?? 'unknown' })
  }
  return { resourcePolicies: found }
}

function document(item: PolicyItem, at: string, label: string, duplicates: Duplicates): PolicyDocument {
  const name = item.name ?? label
  const source = policySource(item.policy, 'the policy')
  const inside = insideOf(item.wrapped ? `${at}/policy` : at, duplicates)
  // Nobody writes an empty policy to say that there is none: that is what leaving it out is for.
  if (source.state === 'absent') return { state: 'unknown', name, reason: 'the policy is empty' }
  if (source.state === 'unknown' || inside.length === 0) return policyDocumentOf(name, source)
  return policyDocumentOf(name, { ...source, value: { ...source.value, duplicateKeys: inside } })
}

function insideOf(pointer: string, { all, claimed }: Duplicates): readonly string[] {
  const inside = all.filter((one) => one.startsWith(`${pointer}/`))
  for (const one of inside) claimed.add(one)
  return inside.map((one) => one.slice(pointer.length))
}
