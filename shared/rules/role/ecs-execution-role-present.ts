import { clip, listed } from '../../model/quote.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { privateImagesOf } from '../../pull/task-can-pull.ts'
import { placesOf } from '../../pull/task-pullers.ts'
import { defineRule } from '../define-rule.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'

/** Where no instance can lend its role, only an execution role can pull from a private registry. */
export const rule = defineRule({
  id: 'ecs-execution-role-present',
  area: 'role',
  title: 'Task definitions on Fargate with images of a private registry have an execution role',
  severity: 'HIGH',
  why: 'Fargate pulls with the execution role only: without one a task with a private ECR image cannot start.',
  fix: 'Set executionRoleArn to a role that ecs-tasks.amazonaws.com may assume and that may pull the images.',
  notes: [
    'Tasks on ECS Anywhere and ECS Managed Instances pull with the execution role as well.',
    'On EC2 the role of the container instance pulls when there is no execution role: not applicable.',
    'Images with repositoryCredentials need no role to log in to ECR. That the execution role may read the secret is judged with the pull, by image-pull-path.',
  ],
  judges: 'AWS::ECS::TaskDefinition',
  reads: ['AWS::ECS::CapacityProvider', 'AWS::ECS::Cluster', 'AWS::ECS::Service'],
  triggers: {
    change: true,
    scheduled: true,
    calls: ['ecs:RegisterTaskDefinition', 'ecs:CreateService', 'ecs:UpdateService'],
  },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  parameters: noParameters,
  evaluate: (definition, { inventory }) => {
    const { executionRoleArn } = definition
    const images = privateImagesOf(definition)
    if (images.state === 'unknown') return undetermined(missing('containers', images))
    if (images.state === 'absent' || images.value.length === 0) {
      return notApplicable('No container names an image that a private ECR registry can hold.')
    }
    const places = placesOf(inventory, definition)
    const mayRunOnFargate = definition.requiresCompatibilities.length === 0 && executionRoleArn.state !== 'known'
    if (!places.needsExecutionRole && mayRunOnFargate && places.services.state === 'unknown') {
      return undetermined(missing('services', places.services))
    }
    if (!places.needsExecutionRole) return notApplicable(`On EC2 the instance role pulls: ${clip(places.because)}.`)
    const evidence = [
      { source: 'images', detail: listed(images.value.map(({ repositoryArn }) => repositoryArn)) },
      { source: 'compute', detail: clip(places.because) },
    ]
    const assumptions = [...assumptionsOf(images), ...assumptionsOf(executionRoleArn)]
    if (executionRoleArn.state === 'unknown') return undetermined(missing('execution role', executionRoleArn), evidence)
    return executionRoleArn.state === 'absent'
      ? noncompliant(`There is no execution role although ${clip(places.because)}.`, { evidence, assumptions })
      : compliant(`${clip(executionRoleArn.value)} is the execution role.`, { evidence, assumptions })
  },
})
