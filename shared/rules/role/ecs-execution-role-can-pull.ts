import type { Fact } from '../../model/fact.ts'
import { clip, listed } from '../../model/quote.ts'
import type { MissingFact, Verdict } from '../../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { trustedServiceOf } from '../../pull/can-pull.ts'
import { brokenSteps, describeStep, evidenceOfPull, missingOfPull } from '../../pull/describe-decision.ts'
import { fixOfPull } from '../../pull/fix-of-pull.ts'
import { privateImagesOf, type RolePull, taskPulls, unreadableImagesOf } from '../../pull/task-can-pull.ts'
import type { TaskPlaces } from '../../pull/task-pullers.ts'
import type { PullAnswer } from '../../pull/types.ts'
import { defineRule } from '../define-rule.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** What a role can do for the task: `status` as of a pull answer, or `gone` when there is no such role. */
interface Puller {
  readonly name: string
  readonly status: PullAnswer['status'] | 'gone'
  readonly pull: RolePull
}

/** The roles that may pull, and the facts that leave open which ones do. */
interface Pullers {
  /** Undefined without an execution role, and while the definition does not say. */
  readonly execution: Puller | undefined
  readonly executionState: Fact<unknown>['state']
  readonly instances: readonly Puller[]
  readonly open: readonly MissingFact[]
}

/** A pull works when the role that does it gets a token and both actions on every repository. */
export const rule = defineRule({
  id: 'ecs-execution-role-can-pull',
  area: 'role',
  title: 'The role that pulls for a task definition may pull its images',
  severity: 'HIGH',
  why: 'A task whose role lacks a permission stops with CannotPullContainerError or never leaves PROVISIONING.',
  fix: 'Allow ecr:GetAuthorizationToken on *, and ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repositories, to the role; for a repository of another account in its repository policy too.',
  notes: [
    'ecr:BatchCheckLayerAvailability is not needed to pull.',
    'On EC2 a task with an execution role may be served by either role: the verdict is decided when both agree.',
    'Whether network and image exist is not judged here.',
  ],
  judges: 'AWS::ECS::TaskDefinition',
  reads: roleReads('AWS::ECS::CapacityProvider', 'AWS::ECS::Cluster', 'AWS::ECS::Service', ...instanceChain()),
  triggers: roleTriggers('ecs:RegisterTaskDefinition', 'ecs:UpdateService'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html',
  parameters: noParameters,
  evaluate: (definition, context) => {
    const images = privateImagesOf(definition)
    if (images.state === 'unknown') return undetermined(missing('containers', images))
    // Such an image fails whatever the roles may do; what it was meant to be is not for us to guess.
    const unreadable = unreadableImagesOf(definition).map(
      (reason): MissingFact => ({ reason: clip(reason), transience: 'lasting' }),
    )
    if (images.state === 'absent' || images.value.length === 0) {
      if (unreadable.length > 0) return undetermined(unreadable)
      return notApplicable('No container names an image that a private ECR registry can hold.')
    }
    const { execution, instances, places } = taskPulls(context, definition, images.value)
    const open = [
      ...(execution.state === 'unknown' ? [missing('execution role', execution)] : []),
      ...(instances.state === 'unknown' ? [missing('container instances', instances)] : []),
    ]
    const pullers: Pullers = {
      execution: execution.state === 'known' ? pullerOf(execution.value) : undefined,
      executionState: execution.state,
      instances: instances.state === 'known' ? instances.value.map(pullerOf) : [],
      open,
    }
    if (allOf(pullers).length === 0 && open.length === 0) {
      return notApplicable(`There is no execution role, and ${clip(places.because)}.`)
    }
    const agentOnly = execution.state === 'known' && instances.state === 'absent' && !places.needsExecutionRole
    const assumptions = [
      ...[images, execution, instances].flatMap(assumptionsOf),
      ...(agentOnly ? ['assumes that the ECS agent pulls with the execution role'] : []),
    ]
    return combined({ pullers, places, assumptions, unreadable })
  },
})

function instanceChain(): readonly string[] {
  return ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::LaunchTemplate', 'AWS::IAM::InstanceProfile']
}

function pullerOf(pull: RolePull): Puller {
  const { answer, roleName } = pull
  if (answer.state === 'known') return { name: roleName, status: answer.value.status, pull }
  return { name: roleName, status: answer.state === 'absent' ? 'gone' : 'unknown', pull }
}

function allOf({ execution, instances }: Pullers): readonly Puller[] {
  return execution === undefined ? instances : [execution, ...instances]
}

function isFailing({ status }: Puller): boolean {
  return status === 'fail' || status === 'gone'
}

/** What a verdict is made of. */
interface Answers {
  readonly pullers: Pullers
  readonly places: TaskPlaces
  readonly assumptions: readonly string[]
  /** Images of which nobody can say whether a role may pull them. */
  readonly unreadable: readonly MissingFact[]
}

/** Every role that may pull must be able to; when some can and some cannot, which one pulls is what is missing. */
function combined({ pullers, places, assumptions, unreadable }: Answers): Verdict {
  const all = allOf(pullers)
  const failing = all.filter(isFailing)
  const evidence = [...failing, ...all.filter((one) => !isFailing(one))].flatMap(evidenceOf)
  const carried = [...new Set([...assumptions, ...all.flatMap(assumptionsOfPull)])]
  const broken = certainFailures(pullers, places)
  if (broken.length > 0) {
    const fixes = broken.flatMap((puller) => fixOf(puller) ?? [])
    return noncompliant(`${broken.map(describeFailure).join('. ')}.`, {
      ...{ evidence, assumptions: carried },
      ...(fixes.length === 0 ? {} : { remediation: fixes.join(' ') }),
    })
  }
  if (pullers.open.length + unreadable.length === 0 && all.every(({ status }) => status === 'pass')) {
    return compliant(`${listed(all.map(({ name }) => name))} can pull every image.`, { evidence, assumptions: carried })
  }
  const open = [...pullers.open, ...unreadable, ...all.flatMap(missingOf), ...disagreement(all, failing)]
  return undetermined(open, evidence)
}

/**
 * Roles whose failure breaks some task whatever is not known: the execution role where no instance can pull, every role
 * together, and without an execution role the role of any instance.
 */
function certainFailures(
  { execution, executionState, instances, open }: Pullers,
  places: TaskPlaces,
): readonly Puller[] {
  const onInstances = instances.filter(isFailing)
  if (execution === undefined) return executionState === 'absent' ? onInstances : []
  if (!isFailing(execution)) return []
  if (places.pullsWithExecutionRole) return [execution]
  return open.length === 0 && onInstances.length === instances.length ? [execution, ...onInstances] : []
}

function evidenceOf({ pull, name, status }: Puller): ReturnType<typeof evidenceOfPull> {
  const { answer } = pull
  if (answer.state === 'known') return evidenceOfPull(answer.value)
  return status === 'gone' ? [{ source: 'role', detail: `${clip(name)} does not exist` }] : []
}

function assumptionsOfPull({ pull: { answer } }: Puller): readonly string[] {
  return answer.state === 'known' ? [...answer.assumptions, ...answer.value.assumptions] : assumptionsOf(answer)
}

function describeFailure({ name, pull }: Puller): string {
  const { answer } = pull
  if (answer.state !== 'known') return `The role ${clip(name)} does not exist`
  const broken = brokenSteps(answer.value)
  const more = broken.length > 1 ? ` (and ${broken.length - 1} more steps fail)` : ''
  return `The role ${clip(name)} cannot pull: ${broken.slice(0, 1).map(describeStep).join('')}${more}`
}

function fixOf({ pull: { answer, puller } }: Puller): string | undefined {
  if (answer.state !== 'known') return undefined
  return fixOfPull(answer.value, `${trustedServiceOf[puller]}.amazonaws.com`)
}

function missingOf({ name, pull }: Puller): readonly MissingFact[] {
  const { answer } = pull
  if (answer.state === 'unknown') return [missing(`role ${clip(name)}`, answer)]
  return answer.state === 'known' && answer.value.status === 'unknown' ? missingOfPull(answer.value) : []
}

function disagreement(pullers: readonly Puller[], failing: readonly Puller[]): readonly MissingFact[] {
  const able = pullers.filter(({ status }) => status === 'pass')
  if (failing.length === 0 || able.length === 0) return []
  const who = `${listed(able.map(({ name }) => name))} can pull and ${listed(failing.map(({ name }) => name))} cannot`
  return [
    {
      reason: `which role pulls (${who}: the execution role is used when the agent receives useExecutionRole)`,
      transience: 'lasting',
    },
  ]
}
