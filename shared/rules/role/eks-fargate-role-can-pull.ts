import type { FargateProfile } from '../../inventory/eks.ts'
import type { Role } from '../../inventory/iam.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { Scope } from '../../model/resource.ts'
import type { MissingFact } from '../../model/verdict.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { canPull, type ImageRepository, isDenied } from '../../pull/can-pull.ts'
import { brokenSteps, describeStep, evidenceOfPull, missingOfPull } from '../../pull/describe-decision.ts'
import { fixOfPull } from '../../pull/fix-of-pull.ts'
import { addOnImages, imageRepository } from '../../pull/node-images.ts'
import { pullReach } from '../../pull/pull-reach.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import type { PullAnswer } from '../../pull/types.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { missing } from '../missing.ts'
import { namedRole } from '../named-role.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** Pods on Fargate pull with the pod execution role of their profile, never with a node's role. */
export const rule = defineRule({
  id: 'eks-fargate-role-can-pull',
  area: 'role',
  title: 'The pod execution roles of Fargate profiles can pull images',
  severity: 'HIGH',
  why: 'Without a role that eks-fargate-pods.amazonaws.com may assume and that may pull, pods of the profile stay Pending.',
  fix: 'Let eks-fargate-pods.amazonaws.com assume the role (aws:SourceArn of the profiles of the cluster) and attach AmazonEKSFargatePodExecutionRolePolicy.',
  notes: [
    'The pull actions must be allowed on the registry of the EKS add-ons or on at least one repository of the inventory; which images pods use is not in the inventory of this rule.',
    'What the policies of the role give it in accounts or regions that were not read is not known to be absent: the verdict stays open then.',
    'Give the pod execution role no node: it must differ from the roles of node groups.',
  ],
  judges: 'AWS::EKS::FargateProfile',
  reads: roleReads('AWS::ECR::PullThroughCacheRule'),
  triggers: roleTriggers('eks:CreateFargateProfile', 'eks:DeleteFargateProfile'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html',
  parameters: noParameters,
  evaluate: (profile, context) => {
    const { podExecutionRoleArn, ref } = profile
    const words = { what: 'pod execution role', none: 'the profile names no pod execution role' }
    const named = namedRole(podExecutionRoleArn, { ref, ...words }, context.inventory)
    if (named.kind === 'open') return named.verdict
    const { name } = named
    if (named.kind === 'gone') {
      return noncompliant(`The role ${name} does not exist.`, { assumptions: named.assumptions })
    }
    const { answer, targets } = answered(context, named.role, profile)
    const assumptions = [...named.assumptions, ...answer.assumptions]
    const evidence = evidenceOfPull(answer)
    const [broken] = brokenSteps(answer)
    if (broken?.kind === 'pull' && targets.missing.length > 0) return undetermined(targets.missing, evidence)
    if (broken !== undefined) {
      const reason = `The pod execution role ${name} cannot pull: ${describeStep(broken)}.`
      const fix = fixOfPull(answer, 'eks-fargate-pods.amazonaws.com')
      return noncompliant(reason, { evidence, assumptions, ...(fix === undefined ? {} : { remediation: fix }) })
    }
    const lacking = [...missingOfPull(answer), ...(hasPull(answer) ? [] : targets.missing)]
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant(`The pod execution role ${name} can get a token and pull.`, { evidence, assumptions })
  },
})

interface Answered {
  readonly answer: PullAnswer
  readonly targets: Targets
}

/**
 * Pods pull across regions as well: where nothing of their region is allowed, what the role itself was given elsewhere is
 * asked about, and may lie where nobody looked.
 */
function answered(context: RuleContext, role: Role, profile: FargateProfile): Answered {
  const { region } = profile.ref
  const targets = targetsOf(context.inventory, profile.ref)
  const answer = furthest(context, role, profile, targets.images)
  if (brokenSteps(answer)[0]?.kind !== 'pull') return { answer, targets }
  const { grants } = permissionsOfRole(context, role, { puller: 'eksFargatePod', region })
  const reach = pullReach(context.inventory, grants)
  const elsewhere = reach.repositories.filter((one) => one.region !== region).map((one) => [one])
  const further = elsewhere.length === 0 ? answer : furthest(context, role, profile, elsewhere)
  return {
    answer: openSteps(further) < openSteps(answer) ? further : answer,
    targets: { ...targets, missing: [...targets.missing, ...reach.missing] },
  }
}

/** What pods of the region may want to pull, and why there may be more. */
interface Targets {
  readonly images: readonly (readonly ImageRepository[])[]
  readonly missing: readonly MissingFact[]
}

function targetsOf(inventory: Inventory, { accountId, region }: Scope): Targets {
  const addOns = addOnImages(region)
  const listing = inventory.listing('AWS::ECR::Repository', { accountId, region })
  const inRegion = inventory.repositories.filter(({ ref }) => ref.region === region)
  return {
    images: [
      ...(addOns === undefined ? [] : [addOns]),
      ...inRegion.map(({ ref, name }) => [imageRepository({ accountId: ref.accountId, region }, name)]),
    ],
    missing: [
      ...(addOns === undefined ? [registryUnknown(region)] : []),
      ...(listing.state === 'unknown' ? [missing(`repositories in ${region}`, listing)] : []),
    ],
  }
}

function registryUnknown(region: string): MissingFact {
  return { reason: `the registry of the EKS add-ons in ${region} is not known`, transience: 'lasting' }
}

/** The answer that gets furthest: any repository that can be pulled is enough. Without one, trust and token are asked. */
function furthest(
  context: RuleContext,
  role: Role,
  { clusterName, name, ref }: FargateProfile,
  targets: Targets['images'],
): PullAnswer {
  const profile = { arn: ref.arn, clusterName, name }
  const ask = (images: readonly ImageRepository[]) =>
    canPull(context, { role, puller: 'eksFargatePod', region: ref.region, profile, images })
  // Without trust or token no repository helps, and an organization may have thousands.
  const beforePull = ask([])
  if (beforePull.steps.some(({ decision }) => isDenied(decision.decision))) return beforePull
  let best = ask(targets[0] ?? [])
  for (const images of targets.slice(1)) {
    if (openSteps(best) === 0) break
    const answer = ask(images)
    if (openSteps(answer) < openSteps(best)) best = answer
  }
  return best
}

/** How far an answer is from being able to pull: a denied step outweighs any number of undecided ones. */
function openSteps({ steps }: PullAnswer): number {
  const pulls = steps.filter(({ kind }) => kind === 'pull').map(({ decision }) => decision.decision)
  return pulls.filter(isDenied).length * 1_000 + pulls.filter((one) => one === 'unknown').length
}

function hasPull({ steps }: PullAnswer): boolean {
  return steps.some(({ kind }) => kind === 'pull')
}
