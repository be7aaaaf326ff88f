import type { AccessGrant } from '../../iam/access-types.ts'
import { actionsInGroup, pullActions } from '../../iam/ecr-actions.ts'
import { matchesWildcard } from '../../iam/match/wildcard.ts'
import { parseArn } from '../../model/arn.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { accessTriggers, judgeAccess } from '../access-of-repository.ts'
import { defineRule } from '../define-rule.ts'
import { describeGrants, evidenceOfGrants, exposureOf, factsMissingOf } from '../describe-grants.ts'
import { noParameters } from '../parameters.ts'

const harmless: ReadonlySet<string> = new Set(pullActions)
const administrative: ReadonlySet<string> = new Set([
  ...actionsInGroup('policy'),
  ...actionsInGroup('delete'),
  ...['ecr:PutLifecyclePolicy', 'ecr:DeleteLifecyclePolicy'],
])
// What registry policies are for. Whom they may name is judged by the rules on trust and exposure, not by this one.
const ofRegistryPolicies = new Set(['ecr:ReplicateImage', 'ecr:CreateRepository', 'ecr:BatchImportUpstreamImage'])

/** Other accounts pull and no more; policies are changed and images deleted by administrators only. */
export const rule = defineRule({
  id: 'ecr-repository-actions-least-privilege',
  area: 'ecr',
  title: 'Policies grant no more than pulling to others and no administration to anyone but administrators',
  severity: 'HIGH',
  why: 'Whoever may push replaces the images others run; whoever may change the policy gives away everything else.',
  fix: 'Grant ecr:BatchGetImage and ecr:GetDownloadUrlForLayer only; leave administration to identity policies of administrators.',
  notes: [
    'aws:VpceAccount says through whose network a caller comes, not whose caller it is: who is let in by it alone counts as others do.',
    'Pull actions are ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and the harmless ecr:BatchCheckLayerAvailability.',
    'Administrative are the actions that change repository, registry or lifecycle policies and those that delete. ecr:* and * contain them.',
    'Replication, pull-through import and the creation of repositories by them, granted in a registry policy, are no excess: no other document can grant them. Whom they are granted to is judged by ecr-repository-access-trusted and ecr-registry-policy-not-public.',
    'Principals of the own account that match a pattern of the setting registryAdministrators may administer, whether Principal names them or a condition on aws:PrincipalArn leaves it to them.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::RegistryPolicy'],
  asksWhoIsOurs: true,
  triggers: accessTriggers,
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html',
  parameters: noParameters,
  evaluate: (repository, context) =>
    judgeAccess(repository, context, ({ grants, notes, assumptions }) => {
      const administrators = context.settings.registryAdministrators
      const excessive = grants.flatMap((grant) => {
        const actions = excessOf(grant, repository.ref.accountId, administrators)
        return actions.length === 0 ? [] : [{ ...grant, actions }]
      })
      const certain = excessive.filter(isCertain)
      if (excessive.length > 0 && certain.length === 0) {
        return undetermined(factsMissingOf(excessive), evidenceOfGrants(excessive, grants))
      }
      return excessive.length === 0
        ? compliant('Others may pull at most, and nobody but administrators may administer.', {
            assumptions,
            evidence: [exposureOf(grants), ...notes],
          })
        : noncompliant(describeGrants(excessive), {
            assumptions,
            evidence: [...evidenceOfGrants(excessive, grants), ...notes],
          })
    }),
})

/** Administration through an endpoint of an unknown owner is too much whoever owns it. */
function isCertain({ missing, actions, statement }: AccessGrant): boolean {
  return missing.length === 0 || (statement.document === 'repository policy' && actions.some(isAdministrative))
}

function isAdministrative(action: string): boolean {
  return administrative.has(action)
}

/** The granted actions that are too many for this principal. */
function excessOf(grant: AccessGrant, accountId: string, administrators: readonly string[]): readonly string[] {
  const actions = excessiveActions(grant, accountId, administrators)
  if (grant.statement.document !== 'registry policy') return actions
  return actions.filter((action) => !ofRegistryPolicies.has(action))
}

function excessiveActions(grant: AccessGrant, accountId: string, administrators: readonly string[]): readonly string[] {
  if (grant.audience === 'service') return grant.actions.filter(isAdministrative)
  const isOfThisAccount =
    grant.audience === 'own' && !grant.anyCaller && (grant.accountId === undefined || grant.accountId === accountId)
  if (!isOfThisAccount) return grant.actions.filter((action) => !harmless.has(action))
  if (isAdministrator(grant.principal, administrators)) return []
  return grant.actions.filter(
    (action) => isAdministrative(action) && !isForAdministratorsOnly(grant, action, administrators),
  )
}

/** A session is whoever its role is; its ARN leaves out the path of the role, whose name is unique in the account. */
function isAdministrator(principal: string, administrators: readonly string[]): boolean {
  const role = roleOfSession(principal)
  return administrators.some(
    (pattern) =>
      matchesWildcard(pattern, principal) ||
      (role !== undefined && [pattern, withoutPath(pattern)].some((one) => matchesWildcard(one, role))),
  )
}

function roleOfSession(principal: string): string | undefined {
  const arn = parseArn(principal)
  const name = arn?.service === 'sts' ? /^assumed-role\/([^/]+)\/.+$/.exec(arn.resource)?.[1] : undefined
  return arn === undefined || name === undefined ? undefined : `arn:${arn.partition}:iam::${arn.accountId}:role/${name}`
}

/** The pattern as if its role had no path; one that leaves the name open speaks of the path, which is not known. */
function withoutPath(pattern: string): string {
  const name = pattern.slice(pattern.lastIndexOf('/') + 1)
  return /[*?]/.test(name) ? pattern : pattern.replace(/:role\/.*$/, () => `:role/${name}`)
}

/** A condition on aws:PrincipalArn may leave the action to administrators although the Principal is the whole account. */
function isForAdministratorsOnly(
  { ownPrincipals = [] }: AccessGrant,
  action: string,
  administrators: readonly string[],
): boolean {
  const reaching = ownPrincipals.filter(({ actions }) => actions.includes(action))
  return reaching.length > 0 && reaching.every(({ arn }) => isAdministrator(arn, administrators))
}
