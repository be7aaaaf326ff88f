import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule } from '../define-rule.ts'
import {
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../describe-permissions.ts'
import { namedRole } from '../named-role.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** What AmazonEC2ContainerRegistryPullOnly grants, and the harmless check that older policies add. */
const enough: ReadonlySet<string> = new Set([
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:BatchImportUpstreamImage',
  'ecr:GetAuthorizationToken',
  'ecr:GetDownloadUrlForLayer',
])

/** Every pod of a node inherits the node's role unless it is kept from the metadata service. */
export const rule = defineRule({
  id: 'eks-node-role-least-privilege',
  area: 'role',
  title: 'Node roles may pull images and nothing more of ECR',
  severity: 'MEDIUM',
  why: 'Pods reach the credentials of their node: with push or delete permissions one compromised pod poisons every image.',
  fix: 'Replace the ECR permissions of the node role by the managed policy AmazonEC2ContainerRegistryPullOnly, or by pull actions on the repositories the cluster runs.',
  notes: [
    'Permissions that only describe, such as those of AmazonEC2ContainerRegistryReadOnly, are reported with severity LOW.',
    'A condition on the request narrows when a permission works: it still counts as held.',
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
      return compliant(`The role ${name} does not exist and holds nothing.`, { assumptions: named.assumptions })
    }
    const permissions = permissionsOfRole(context, named.role, { puller: 'eksNode', region: ref.region, by: 'holder' })
    const { held, open } = splitGrants(permissions.grants.filter(({ action }) => !enough.has(action)))
    const assumptions = [...named.assumptions, ...permissions.assumptions]
    const evidence = [...evidenceOfRoleGrants(held), ...permissions.evidence]
    if (held.length > 0) {
      const changing = held.filter(({ group }) => group !== 'read')
      const reason = `The node role ${name} may use ${describeGrantsOfRole(changing.length > 0 ? changing : held)}.`
      return noncompliant(reason, { evidence, assumptions, severity: changing.length > 0 ? 'MEDIUM' : 'LOW' })
    }
    const lacking = missingOfPermissions(permissions, open)
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant(`The node role ${name} may pull at most.`, { evidence, assumptions })
  },
})
