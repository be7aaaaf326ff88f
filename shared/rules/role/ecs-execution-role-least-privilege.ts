import type { RegistryGrant } from '../../iam/permissions/types.ts'
import type { Role } from '../../inventory/iam.ts'
import { parseArn } from '../../model/arn.ts'
import { clip, listed } from '../../model/quote.ts'
import type { Evidence, MissingFact, Verdict } from '../../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { neededOnRepository, type PrivateImage } from '../../pull/can-pull.ts'
import { missingFacts } from '../../pull/describe-decision.ts'
import { type ExecutionRoleUse, useOfExecutionRole } from '../../pull/execution-role-use.ts'
import { awsManagedTitle } from '../../pull/managed-policy-document.ts'
import { otherRepositories } from '../../pull/other-repositories.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import {
  changingGroups,
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../describe-permissions.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

const standardPolicy = 'AmazonECSTaskExecutionRolePolicy'
const pulling: ReadonlySet<string> = new Set(neededOnRepository)

/** The execution role pulls what its task definitions run, and does nothing else in a registry. */
export const rule = defineRule({
  id: 'ecs-execution-role-least-privilege',
  area: 'role',
  title: 'Execution roles may pull the images of their task definitions and nothing more',
  severity: 'MEDIUM',
  why: 'A role that pulls everything, or pushes, turns the compromise of one task or one agent into that of every image.',
  fix: 'Allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repositories of its task definitions, and ecr:GetAuthorizationToken on *.',
  notes: [
    'The AWS-managed policy AmazonECSTaskExecutionRolePolicy lets the role pull every repository: reported with severity LOW when it is the only excess.',
    'ecr:BatchImportUpstreamImage, and ecr:CreateRepository for images under a pull-through cache rule, are no excess.',
    'Only task definitions that a service uses, or the newest of a recent family, count as users of the role.',
  ],
  judges: 'AWS::IAM::Role',
  reads: roleReads('AWS::ECR::PullThroughCacheRule', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition'),
  triggers: roleTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  parameters: noParameters,
  evaluate: (role, context) => {
    const use = useOfExecutionRole(context, role)
    return use.regions.length === 0 ? unused(use.unclear) : judged(role, use, context)
  },
})

/** Without users there is nothing to judge: whoever could use the role unseen is a fact about other regions. */
function unused(unlisted: readonly MissingFact[]): Verdict {
  return unlisted.length > 0
    ? undetermined(unlisted)
    : notApplicable('No current task definition uses it as execution role.')
}

function judged(role: Role, use: ExecutionRoleUse, context: RuleContext): Verdict {
  const { images, regions, unclear } = use
  const permissions = permissionsOfRole(context, role, { puller: 'fargateTask', region: regions[0] ?? '' })
  const changing = splitGrants(permissions.grants.filter((grant) => isExcess(grant, images, context)))
  const pulls = permissions.grants.filter(({ action }) => pulling.has(action))
  const wide = splitGrants(pulls.filter(({ scope }) => scope === 'registry'))
  const others = otherRepositories(context.inventory, permissions, images)
  const { assumptions } = permissions
  const evidence = [
    ...evidenceOfRoleGrants([...changing.held, ...wide.held]),
    ...[usedEvidence(images), ...permissions.evidence],
  ]
  if (changing.held.length > 0) {
    return noncompliant(`It may use ${describeGrantsOfRole(changing.held)}.`, { evidence, assumptions })
  }
  if (wide.held.length > 0) return tooWide(wide.held, evidence, assumptions)
  if (others.held.length > 0 && unclear.length === 0) {
    const reason = `Its permissions let it pull ${listed(others.held, 3)}, which no task definition of it uses.`
    return noncompliant(reason, { evidence, assumptions })
  }
  const lacking = [
    ...missingOfPermissions(permissions, [...changing.open, ...wide.open]),
    ...missingFacts(others.missing),
    ...(others.held.length > 0 ? unclear : []),
    ...unlistedRepositories(pulls, images, context),
  ]
  return lacking.length > 0
    ? undetermined(distinct(lacking), evidence)
    : compliant('It may pull the images of its task definitions and no others.', { evidence, assumptions })
}

function tooWide(
  grants: readonly RegistryGrant[],
  evidence: readonly Evidence[],
  assumptions: readonly string[],
): Verdict {
  const managed = grants.every(({ statement }) => statement.policy === awsManagedTitle(standardPolicy))
  return managed
    ? noncompliant(`The AWS-managed policy ${standardPolicy} lets it pull every repository of the account.`, {
        ...{ evidence, assumptions, severity: 'LOW' },
        remediation: `Replace ${standardPolicy} by a policy that names the repositories of its task definitions.`,
      })
    : noncompliant(`It may pull any repository of the account: ${describeGrantsOfRole(grants)}.`, {
        evidence,
        assumptions,
      })
}

/** What an execution role needs beyond pulling when an image comes through a cache rule. */
function isExcess({ action, group, resource }: RegistryGrant, images: readonly PrivateImage[], context: RuleContext) {
  if (!changingGroups.has(group) || action === 'ecr:BatchImportUpstreamImage') return false
  if (action !== 'ecr:CreateRepository') return true
  const { accountId, region, resource: path } = parseArn(resource) ?? {}
  return !context.inventory.pullThroughCacheRules.some(
    ({ ref, prefix }) =>
      ref.accountId === accountId &&
      ref.region === region &&
      isUnder(path?.replace(/^repository\//, ''), prefix) &&
      images.some(
        (image) => image.accountId === accountId && image.region === region && isUnder(image.repository, prefix),
      ),
  )
}

function isUnder(repository: string | undefined, prefix: string): boolean {
  return prefix === 'ROOT' || repository?.startsWith(`${prefix}/`) === true
}

/** Where repositories were not listed, what a grant reaches besides the used ones may exist. */
function unlistedRepositories(pulls: readonly RegistryGrant[], images: readonly PrivateImage[], context: RuleContext) {
  const used = new Set(images.map(({ repositoryArn }) => repositoryArn))
  const others = pulls.filter(({ resource, inHomeAccount }) => inHomeAccount && !used.has(resource))
  return others.flatMap(({ resource }) => {
    const scope = parseArn(resource)
    if (scope === undefined) return []
    const listing = context.inventory.listing('AWS::ECR::Repository', scope)
    return listing.state === 'unknown' ? [missing(`repositories in ${scope.region}`, listing)] : []
  })
}

function distinct(facts: readonly MissingFact[]): readonly MissingFact[] {
  return [...new Map(facts.map((fact) => [fact.reason, fact])).values()]
}

function usedEvidence(images: readonly PrivateImage[]): Evidence {
  const names = [...new Set(images.map(({ repositoryArn }) => repositoryArn))]
  return {
    source: 'repositories its task definitions use',
    detail: names.length === 0 ? 'none' : clip(listed(names, 10)),
  }
}
