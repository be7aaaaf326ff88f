import { matchesWildcard } from '../../iam/match/wildcard.ts'
import type { RegistryGrant } from '../../iam/permissions/types.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule } from '../define-rule.ts'
import {
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../describe-permissions.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** The actions that give repositories away or make them disappear. */
const administrative: ReadonlySet<string> = new Set([
  'ecr:DeleteRegistryPolicy',
  'ecr:DeleteRepository',
  'ecr:DeleteRepositoryPolicy',
  'ecr:PutRegistryPolicy',
  'ecr:SetRepositoryPolicy',
])

/** In another account its own policies alone give a role nothing. */
function isAdministration({ action, inHomeAccount }: RegistryGrant): boolean {
  return inHomeAccount && administrative.has(action)
}

/** Who may change a repository policy owns the repository. */
export const rule = defineRule({
  id: 'role-registry-admin-restricted',
  area: 'role',
  title: 'Only declared administrators can change repository policies or delete repositories',
  severity: 'MEDIUM',
  why: 'A role that can change a repository policy can give the images to anyone, or let anyone replace them.',
  fix: 'Remove the permission from the role, or name the role in registryAdministrators of the settings when it is meant to administer.',
  notes: [
    'Roles whose ARN matches a pattern of the setting registryAdministrators may administer; service-linked roles are not judged.',
    'AdministratorAccess and PowerUserAccess hold these permissions too.',
    'A condition on the request narrows when a permission works: it still counts as held.',
    'Counted is what its own policies allow and what repository policies of its account give it by name. What a policy gives to a whole account, or to roles of other accounts, is reported on the repository (ecr-repository-actions-least-privilege).',
  ],
  judges: 'AWS::IAM::Role',
  reads: roleReads(),
  triggers: roleTriggers('iam:CreateRole'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html',
  parameters: noParameters,
  evaluate: (role, context) => {
    if (role.path.startsWith('/aws-service-role/'))
      return notApplicable('AWS defines what a service-linked role may do.')
    const { registryAdministrators } = context.settings
    if (registryAdministrators.some((pattern) => matchesWildcard(pattern, role.ref.arn))) {
      return compliant('The role is a declared administrator of the registry.')
    }
    const permissions = permissionsOfRole(context, role, 'anybody')
    const { held, open } = splitGrants(permissions.grants.filter(isAdministration))
    const { assumptions } = permissions
    const evidence = [...evidenceOfRoleGrants(held), ...permissions.evidence]
    if (held.length > 0) {
      return noncompliant(`It may use ${describeGrantsOfRole(held)} and is no declared administrator.`, {
        ...{ evidence, assumptions },
      })
    }
    const lacking = missingOfPermissions(permissions, open)
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant('It can neither change policies nor delete repositories.', { evidence, assumptions })
  },
})
