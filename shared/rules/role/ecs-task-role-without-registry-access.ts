import type { RegistryGrant } from '../../iam/permissions/types.ts'
import { clip } from '../../model/quote.ts'
import type { Severity } from '../../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule } from '../define-rule.ts'
import {
  changingGroups,
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../describe-permissions.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** The task role never pulls: what it holds of ECR is in the hands of the application. */
export const rule = defineRule({
  id: 'ecs-task-role-without-registry-access',
  area: 'role',
  title: 'Task roles hold no permissions on the registry',
  severity: 'HIGH',
  why: 'Application code gets the task role: whoever makes it fetch the credentials endpoint can read images or replace them.',
  fix: 'Take the ECR permissions out of the task role; images are pulled with the execution role.',
  notes: [
    'Permissions to push, delete or administer are HIGH, to pull or to get a token MEDIUM, to describe only LOW.',
    'A condition on the request narrows when a permission works: it still counts as held.',
  ],
  judges: 'AWS::ECS::TaskDefinition',
  reads: roleReads(),
  triggers: roleTriggers('ecs:RegisterTaskDefinition'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  parameters: noParameters,
  evaluate: ({ taskRoleArn, ref }, context) => {
    if (taskRoleArn.state === 'absent') return notApplicable('The task definition has no task role.')
    if (taskRoleArn.state === 'unknown') return undetermined(missing('task role', taskRoleArn))
    const name = clip(taskRoleArn.value)
    const role = context.inventory.role(taskRoleArn.value, ref)
    if (role.state === 'absent') return notApplicable(`The task role ${name} does not exist.`)
    if (role.state === 'unknown') return undetermined(missing(`role ${name}`, role))
    const permissions = permissionsOfRole(context, role.value, {
      ...{ puller: 'fargateTask', region: ref.region, by: 'holder' },
    })
    const { held, open } = splitGrants(permissions.grants)
    const assumptions = [...assumptionsOf(taskRoleArn), ...assumptionsOf(role), ...permissions.assumptions]
    const evidence = [...evidenceOfRoleGrants(held), ...permissions.evidence]
    if (held.length > 0) {
      const worst = held.filter((grant) => severityOf(grant) === severityOfAll(held))
      const reason = `The task role ${name} may use ${describeGrantsOfRole(worst)}.`
      return noncompliant(reason, { evidence, assumptions, severity: severityOfAll(held) })
    }
    const lacking = missingOfPermissions(permissions, open)
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant(`The task role ${name} holds no ECR permission.`, { evidence, assumptions })
  },
})

function severityOf({ group }: RegistryGrant): Severity {
  if (changingGroups.has(group)) return 'HIGH'
  return group === 'read' ? 'LOW' : 'MEDIUM'
}

function severityOfAll(grants: readonly RegistryGrant[]): Severity {
  const severities = new Set(grants.map(severityOf))
  return severities.has('HIGH') ? 'HIGH' : severities.has('MEDIUM') ? 'MEDIUM' : 'LOW'
}
