import { parseArn } from '../../model/arn.ts'
import { clip } from '../../model/quote.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'

/** What the agent may do to start a task is not what the application may do. */
export const rule = defineRule({
  id: 'ecs-roles-separate',
  area: 'role',
  title: 'Task definitions use different roles for the task and for its execution',
  severity: 'MEDIUM',
  why: 'With one role for both, application code holds the right to pull images and to read the secrets of the task.',
  fix: 'Create a role of its own for taskRoleArn with what the application needs, and keep pulling and secrets in the execution role.',
  judges: 'AWS::ECS::TaskDefinition',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['ecs:RegisterTaskDefinition'] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html',
  parameters: noParameters,
  evaluate: ({ taskRoleArn, executionRoleArn, ref }) => {
    const assumptions = [...assumptionsOf(taskRoleArn), ...assumptionsOf(executionRoleArn)]
    if (taskRoleArn.state === 'absent') return notApplicable('The task definition has no task role.')
    if (executionRoleArn.state === 'absent') return notApplicable('The task definition has no execution role.')
    if (taskRoleArn.state === 'unknown') return undetermined(missing('task role', taskRoleArn))
    if (executionRoleArn.state === 'unknown') return undetermined(missing('execution role', executionRoleArn))
    const evidence = [
      { source: 'taskRoleArn', detail: clip(taskRoleArn.value) },
      { source: 'executionRoleArn', detail: clip(executionRoleArn.value) },
    ]
    return isSameRole(taskRoleArn.value, executionRoleArn.value, ref.accountId)
      ? noncompliant(`${clip(taskRoleArn.value)} is both task role and execution role.`, { evidence, assumptions })
      : compliant('Task role and execution role are two roles.', { evidence, assumptions })
  },
})

/** A bare name means the role of that name in the task definition's account, whatever its path. */
function isSameRole(one: string, other: string, accountId: string): boolean {
  const [a, b] = [parseArn(one), parseArn(other)]
  if (a !== undefined && b !== undefined) return one === other
  return [a, b].every((arn) => arn === undefined || arn.accountId === accountId) && nameOf(one) === nameOf(other)
}

function nameOf(role: string): string {
  return role.slice(role.lastIndexOf('/') + 1)
}
