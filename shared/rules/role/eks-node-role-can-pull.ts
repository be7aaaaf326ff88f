import type { Nodegroup } from '../../inventory/eks.ts'
import type { Role } from '../../inventory/iam.ts'
import type { Evidence } from '../../model/verdict.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { canPull, neededOnRepository, requestOn } from '../../pull/can-pull.ts'
import { decideFor } from '../../pull/decide.ts'
import { brokenSteps, describeStep, evidenceOfPull, missingOfPull } from '../../pull/describe-decision.ts'
import { fixOfPull } from '../../pull/fix-of-pull.ts'
import { addOnImages, imageRepository } from '../../pull/node-images.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { namedRole } from '../named-role.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** A node that cannot pull the add-ons never becomes Ready. */
export const rule = defineRule({
  id: 'eks-node-role-can-pull',
  area: 'role',
  title: 'The roles of node groups can pull images',
  severity: 'HIGH',
  why: 'The kubelet pulls with the role of its node: without the permission nodes stay NotReady and pods end in ImagePullBackOff.',
  fix: 'Attach AmazonEC2ContainerRegistryPullOnly to the node role, or allow ecr:GetAuthorizationToken on * and the pull actions on the repositories, the registry of the EKS add-ons included.',
  notes: [
    'AmazonEKSWorkerNodePolicy and AmazonEKSWorkerNodeMinimalPolicy hold no ECR permission.',
    'Judged are the add-on images every node needs; which other images pods use is not in the inventory of this rule.',
  ],
  judges: 'AWS::EKS::Nodegroup',
  reads: roleReads('AWS::EKS::Cluster'),
  triggers: roleTriggers('eks:CreateNodegroup', 'eks:DeleteNodegroup'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
  parameters: noParameters,
  evaluate: ({ nodeRoleArn, ref }, context) => {
    const named = namedRole(
      nodeRoleArn,
      { ref, what: 'node role', none: 'the node group names no role' },
      context.inventory,
    )
    if (named.kind === 'open') return named.verdict
    const { name } = named
    if (named.kind === 'gone') {
      return noncompliant(`The role ${name} does not exist.`, { assumptions: named.assumptions })
    }
    const addOns = addOnImages(ref.region)
    const images = addOns ?? []
    const answer = canPull(context, { role: named.role, puller: 'eksNode', region: ref.region, images })
    const assumptions = [...named.assumptions, ...answer.assumptions]
    const evidence = [...evidenceOfPull(answer), ownRepositories(named.role, ref, context)]
    const [broken] = brokenSteps(answer)
    if (broken !== undefined) {
      const fix = fixOfPull(answer, 'ec2.amazonaws.com')
      const reason = `The node role ${name} cannot pull: ${describeStep(broken)}.`
      return noncompliant(reason, { evidence, assumptions, ...(fix === undefined ? {} : { remediation: fix }) })
    }
    const lacking = [
      ...missingOfPull(answer),
      ...(addOns === undefined
        ? [{ reason: `the registry of the EKS add-ons in ${ref.region} is not known`, transience: 'lasting' as const }]
        : []),
    ]
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant(`The node role ${name} can get a token and pull the add-ons.`, { evidence, assumptions })
  },
})

/** How many of the account's own repositories of the region the role can pull. */
function ownRepositories(role: Role, { accountId, region }: Nodegroup['ref'], context: RuleContext): Evidence {
  const own = context.inventory.repositories.filter(({ ref }) => ref.accountId === accountId && ref.region === region)
  const pullable = own.filter(({ name }) =>
    neededOnRepository.every((action) => {
      const request = requestOn(imageRepository({ accountId, region }, name), action)
      return decideFor(context, role, 'eksNode', request).decision.decision === 'allowed'
    }),
  )
  return {
    source: 'own repositories',
    detail: `${pullable.length} of ${own.length} in ${region} can certainly be pulled`,
  }
}
