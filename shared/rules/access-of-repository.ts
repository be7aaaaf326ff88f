import type { PolicyDocument } from '../iam/access.ts'
import type { AccessGrant, DeadPart, StatementRef } from '../iam/access-types.ts'
import { parsePolicy } from '../iam/policy/parse-policy.ts'
import type { RegistryPolicy, Repository } from '../inventory/ecr.ts'
import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { Evidence, MissingFact, Verdict } from '../model/verdict.ts'
import { undetermined } from '../model/verdict.ts'
import type { RuleContext } from './define-rule.ts'
import { assumptionsOf, missing } from './missing.ts'
import { namesResourceTags, rememberedAccess } from './remembered-access.ts'

/** One policy document as the access analysis wants it. */
export type AccessDocument = PolicyDocument

/** Who may do what to a resource, with what a verdict resting on it must carry. */
export interface Access {
  readonly grants: readonly AccessGrant[]
  readonly dead: readonly DeadPart[]
  /** Peculiarities of the documents, such as duplicate keys. */
  readonly notes: readonly Evidence[]
  readonly assumptions: readonly string[]
}

/** Where access is judged. */
export interface AccessTarget {
  readonly arn: string
  readonly accountId: string
  readonly region: string
  /** All tags of the resource, where they are known and decide. */
  readonly tags?: ReadonlyMap<string, string>
}

/** What a registry policy of scope V1 speaks of; one of scope V2 speaks of every action. */
const actionsOfScopeV1 = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:ReplicateImage'] as const

const certainlyGranted: ReadonlySet<string> = new Set(actionsOfScopeV1)

/** What changes who can reach a repository: its own policy, the registry's, and the scope of the latter. */
export const accessTriggers = {
  change: true,
  scheduled: true,
  calls: [
    ...['ecr:CreateRepository', 'ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'],
    ...['ecr:PutRegistryPolicy', 'ecr:DeleteRegistryPolicy', 'ecr:PutAccountSetting'],
  ],
} as const

/** Documents that apply together, or the facts that are missing to say so. */
export type Documents =
  | { readonly kind: 'known'; readonly documents: readonly AccessDocument[]; readonly notes: readonly Evidence[] }
  | { readonly kind: 'missing'; readonly missing: readonly MissingFact[] }

/**
 * Decides about a repository from its own policy and the registry's. A policy that is unknown or cannot be parsed makes
 * the verdict undetermined: a Deny in it could close what the other one opens. A registry policy of unknown scope is
 * tried under both scopes and matters only when they disagree.
 */
export function judgeAccess(
  repository: Repository,
  context: Pick<RuleContext, 'inventory' | 'organization' | 'now'>,
  decide: (access: Access) => Verdict,
): Verdict {
  const registry = context.inventory.registryOf(repository.ref).policy
  const own = documentOf('repository policy', repository.policy, 'all-actions')
  const assumptions = [repository.policy, registry].flatMap((fact) =>
    fact.state === 'unknown' ? [] : fact.assumptions,
  )
  return underEachScope(registry, (ofRegistry) => {
    const documents = together(own, ofRegistry)
    if (documents.kind === 'missing') return undetermined(documents.missing)
    // Tags are looked at where a policy does.
    const tags = documents.documents.some(({ policy }) => namesResourceTags(policy)) ? repository.tags : undefined
    if (tags?.state === 'unknown' && tags.transience === 'passing') return undetermined(missing('tags', tags))
    const target = tags?.state === 'known' ? { ...repository.ref, tags: tags.value } : repository.ref
    const onTags = tags === undefined ? [] : assumptionsOf(tags)
    const access = analyse(target, documents, context, [...assumptions, ...onTags])
    const grants = access.grants.flatMap(doubtRegistryGrant).map((grant) => doubtTags(grant, tags))
    return decide({ ...access, grants })
  })
}

/** Decides from the registry policy's document under its scope, or under both scopes when it is not known. */
export function underEachScope(registry: Fact<RegistryPolicy>, decide: (ofRegistry: Documents) => Verdict): Verdict {
  const nothing: Documents = { kind: 'known', documents: [], notes: [] }
  if (registry.state === 'absent') return decide(nothing)
  if (registry.state === 'unknown') return decide({ kind: 'missing', missing: [missing('registry policy', registry)] })
  const { policy, scope } = registry.value
  const under = (version: string) =>
    decide(documentOf('registry policy', policy, version === 'V1' ? actionsOfScopeV1 : 'all-actions'))
  if (scope.state === 'known' && (scope.value === 'V1' || scope.value === 'V2')) return under(scope.value)
  const [narrow, wide] = [under('V1'), under('V2')]
  if (narrow.kind === wide.kind) return narrow
  return undetermined(
    scope.state === 'unknown'
      ? missing('registry policy scope', scope)
      : { reason: 'registry policy scope', transience: 'lasting' },
  )
}

/** Runs the access analysis over documents that are all known. */
export function analyse(
  target: AccessTarget,
  { documents, notes }: Extract<Documents, { kind: 'known' }>,
  { organization, now }: Pick<RuleContext, 'organization' | 'now'>,
  assumptions: readonly string[],
): Access {
  const { arn: resourceArn, accountId: resourceAccountId, region, tags: resourceTags } = target
  const answer = rememberedAccess({
    ...{ resourceArn, resourceAccountId, region, documents, organization },
    ...(now ? { now } : {}),
    ...(resourceTags ? { resourceTags } : {}),
  })
  return { grants: answer.grants, dead: answer.dead, notes, assumptions }
}

/**
 * AWS documents that a registry policy of scope V2 takes part in every request, not that its Allow alone opens a
 * repository to another account. So such a grant rests on a fact nobody has; what scope V1 speaks of is certain.
 */
function doubtRegistryGrant(grant: AccessGrant): readonly AccessGrant[] {
  if (grant.statement.document !== 'registry policy') return [grant]
  const certain = grant.actions.filter((action) => certainlyGranted.has(action))
  const doubtful = grant.actions.filter((action) => !certainlyGranted.has(action))
  const fact = 'whether a registry policy of scope V2 opens a repository by itself is not documented'
  return [
    ...(certain.length === 0 ? [] : [{ ...grant, actions: certain }]),
    ...(doubtful.length === 0 ? [] : [{ ...grant, actions: doubtful, missing: [...grant.missing, fact] }]),
  ]
}

const tagLabel = /^condition key (?:aws|ecr):resourcetag\//i

/** Conditions on tags nobody read are no riddle of the policy: the tags are a fact that is missing. */
function doubtTags(grant: AccessGrant, tags: Repository['tags'] | undefined): AccessGrant {
  const uncertain = grant.uncertain.filter((label) => !tagLabel.test(label))
  if (tags?.state !== 'unknown' || uncertain.length === grant.uncertain.length) return grant
  return { ...grant, uncertain, missing: [...grant.missing, missing('tags', tags).reason] }
}

/** The document of a fact, parsed; absent is no document. */
export function documentOf(
  document: StatementRef['document'],
  source: Fact<PolicySource>,
  appliesTo: AccessDocument['appliesTo'],
): Documents {
  if (source.state === 'absent') return { kind: 'known', documents: [], notes: [] }
  if (source.state === 'unknown') return { kind: 'missing', missing: [missing(document, source)] }
  const parsed = parsePolicy(source.value)
  if (!parsed.ok) {
    return { kind: 'missing', missing: [{ reason: `${document}: ${parsed.reason}`, transience: 'lasting' }] }
  }
  const notes = parsed.notes.map((detail) => ({ source: document, detail }))
  return { kind: 'known', documents: [{ document, policy: parsed.policy, appliesTo }], notes }
}

function together(...parts: readonly Documents[]): Documents {
  const lacking = parts.flatMap((part) => (part.kind === 'missing' ? part.missing : []))
  if (lacking.length > 0) return { kind: 'missing', missing: lacking }
  const known = parts.flatMap((part) => (part.kind === 'known' ? [part] : []))
  return {
    kind: 'known',
    documents: known.flatMap((part) => part.documents),
    notes: known.flatMap((part) => part.notes),
  }
}
