import type { RegistryPolicy } from '../../inventory/ecr.ts'
import { partitionOf } from '../../model/arn.ts'
import { known } from '../../model/fact.ts'
import { isJsonObject, own, ownList } from '../../model/json.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { analyse, underEachScope } from '../access-of-repository.ts'
import { defineRule } from '../define-rule.ts'
import { describeGrants, evidenceOfGrants, exposureOf, ofAudience } from '../describe-grants.ts'
import { noParameters } from '../parameters.ts'

// More patterns than this come from no policy AWS accepts: it ends at 10,240 characters.
const mostResources = 500

/** The registry policy lets no arbitrary account replicate into, import into or (scope V2) use the registry. */
export const rule = defineRule({
  id: 'ecr-registry-policy-not-public',
  area: 'ecr',
  title: 'The registry policy is not open to every AWS account',
  severity: 'HIGH',
  why: 'Any AWS account could replicate images into the registry, fill it through its caches or, with scope V2, do anything to its repositories.',
  fix: 'Name the accounts that replicate or import, or require aws:PrincipalOrgID.',
  notes: [
    'Scope V1 covers ecr:ReplicateImage, ecr:BatchImportUpstreamImage and ecr:CreateRepository; scope V2 covers every action. When the scope is not known and matters, the verdict is undetermined and names it.',
    'A statement about some repositories only is judged for these.',
  ],
  judges: 'AWS::ECR::RegistryPolicy',
  reads: [],
  asksWhoIsOurs: true,
  triggers: {
    change: true,
    scheduled: true,
    calls: ['ecr:PutRegistryPolicy', 'ecr:DeleteRegistryPolicy', 'ecr:PutAccountSetting'],
  },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html',
  parameters: noParameters,
  evaluate: (registryPolicy, context) =>
    underEachScope(known(registryPolicy), (documents) => {
      if (documents.kind === 'missing') return undetermined(documents.missing)
      const assumptions = registryPolicy.policy.state === 'unknown' ? [] : registryPolicy.policy.assumptions
      const grants = resourcesOf(registryPolicy).flatMap(
        (arn) => analyse({ ...registryPolicy.ref, arn }, documents, context, []).grants,
      )
      const open = ofAudience(grants, 'anyone').filter(isFirstOfItsStatement)
      return open.length === 0
        ? compliant('No statement reaches anyone outside named accounts and organizations.', {
            assumptions,
            evidence: [exposureOf(grants), ...documents.notes],
          })
        : noncompliant(describeGrants(open), {
            assumptions,
            evidence: [...evidenceOfGrants(open, grants), ...documents.notes],
          })
    }),
})

/**
 * The resources to ask about: every pattern the policy names, taken literally. A wider Deny still matches such a text,
 * a narrower one leaves the rest of the pattern open, so the answer is right for the repositories behind the pattern.
 */
function resourcesOf({ ref, policy }: RegistryPolicy): readonly string[] {
  const all = `arn:${partitionOf(ref.region)}:ecr:${ref.region}:${ref.accountId}:repository/*`
  const json = policy.state === 'known' ? policy.value.json : null
  const statements = isJsonObject(json) ? ownList(json, 'Statement').filter(isJsonObject) : []
  const named = statements
    .filter((statement) => own(statement, 'Effect') === 'Allow')
    .flatMap((statement) => ownList(statement, 'Resource'))
    .filter((resource): resource is string => typeof resource === 'string' && resource.startsWith('arn:'))
  return [...new Set([all, ...named])].slice(0, mostResources)
}

function isFirstOfItsStatement<T extends { statement: { position: number } }>(
  grant: T,
  index: number,
  grants: readonly T[],
): boolean {
  return grants.findIndex(({ statement }) => statement.position === grant.statement.position) === index
}
