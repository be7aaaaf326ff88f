import { clip } from '../../model/quote.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule } from '../define-rule.ts'
import {
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../describe-permissions.ts'
import { assumptionsOf, missing } from '../missing.ts'
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
  triggers: roleTriggers(true, 'eks:CreateNodegroup', 'eks:DeleteNodegroup'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
  parameters: noParameters,
  evaluate: ({ nodeRoleArn, ref }, context) => {
    if (nodeRoleArn.state === 'unknown') return undetermined(missing('node role', nodeRoleArn))
    if (nodeRoleArn.state === 'absent')
      return undetermined({ reason: 'the node group names no role', transience: 'lasting' })
    const name = clip(nodeRoleArn.value)
    const role = context.inventory.role(nodeRoleArn.value, ref)
    if (role.state === 'unknown') return undetermined(missing(`role ${name}`, role))
    if (role.state === 'absent') {
      return compliant(`The role ${name} does not exist and holds nothing.`, { assumptions: role.assumptions })
    }
    const permissions = permissionsOfRole(context, role.value, { puller: 'eksNode', region: ref.region })
    const { held, open } = splitGrants(permissions.grants.filter(({ action }) => !enough.has(action)))
    const assumptions = [...assumptionsOf(role), ...permissions.assumptions]
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
