import { clip } from '../../model/quote.ts'
import { trustedServiceOf } from '../can-pull.ts'
import type { TracedHop } from '../merge-subnets.ts'
import { decideSecret, readSecret, type SecretName, secretNamed } from '../secret-access.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullStep, PullWorld } from '../types.ts'
import type { WorkloadPuller } from '../workloads.ts'
import { failing, type HopAnswer, hopOf, together, undecided } from './hop-answer.ts'
import { hopOfParts } from './permission-parts.ts'
import { missingRoleHop, trustHop, unknownRoleHop } from './principal.ts'

/** What a task needs of its execution role for an image that is not in a private registry of ECR. */
export interface LoginAnswers {
  readonly principal: HopAnswer
  /** Whether the role may read the login; absent where there is none or the role is not known. */
  readonly reading?: HopAnswer
}

/**
 * Tasks of ECS read the login of another registry (`repositoryCredentials`) with their execution role, and a task on
 * Fargate does not start when its role is missing or not assumable. Undefined where no role matters, or nothing is wrong with it.
 */
export function loginAnswers(world: PullWorld, pull: PullToTrace): LoginAnswers | undefined {
  const { workload, pullers, credentials } = pull
  if (workload.compute !== 'fargateTask' && workload.compute !== 'containerInstance') return undefined
  const reader =
    pullers.state === 'known' ? pullers.value.find(({ puller }) => trustedServiceOf[puller] === 'ecs-tasks') : undefined
  if (credentials === undefined) return reader && withoutLogin(world, pull, reader)
  return reader === undefined ? { principal: noReader(pull, credentials) } : readBy(world, pull, reader, credentials)
}

/** ECS assumes the role whatever the image: told is what stops it, and that nobody knows whether something does. */
function withoutLogin(world: PullWorld, pull: PullToTrace, reader: WorkloadPuller): LoginAnswers | undefined {
  const { principal } = roleOf(world, pull, reader)
  return pull.workload.compute === 'fargateTask' && principal.status !== 'pass' ? { principal } : undefined
}

function noReader({ workload, pullers }: PullToTrace, credentials: string): HopAnswer {
  if (pullers.state === 'unknown') {
    const reason = `Which role reads the login in ${clip(credentials)} is not known: ${clip(pullers.reason)}`
    return undecided('puller-unknown', reason, [clip(pullers.reason)])
  }
  const reason = `The task definition has no execution role, and nothing else reads the login in ${clip(credentials)}`
  if (workload.compute !== 'fargateTask') {
    return undecided('no-execution-role', reason, [`execution role of ${clip(workload.name)}`])
  }
  return failing('no-execution-role', reason, {
    evidence: [{ source: 'task definition', detail: 'executionRoleArn is not set' }],
    fix: `Set executionRoleArn of the task definition to a role that ecs-tasks.amazonaws.com may assume and that may ${readSecret}`,
  })
}

function roleOf(world: PullWorld, { workload }: PullToTrace, { roleName, puller }: WorkloadPuller) {
  const role = world.inventory.role(roleName, workload.scope)
  if (role.state === 'absent') return { principal: missingRoleHop(roleName, role.assumptions) }
  if (role.state === 'unknown') return { principal: unknownRoleHop(roleName, role.reason) }
  const question = { role: role.value, region: workload.scope.region }
  return { principal: trustHop(world, question, trustedServiceOf[puller]), role: role.value }
}

function readBy(world: PullWorld, pull: PullToTrace, reader: WorkloadPuller, credentials: string): LoginAnswers {
  const { principal, role } = roleOf(world, pull, reader)
  if (role === undefined) return { principal }
  const secret = secretNamed(credentials, pull.workload.scope)
  if (secret === undefined) {
    const what = `which secret ${clip(credentials)} is`
    const reading = undecided('login-undecided', `${clip(credentials)} names no secret of Secrets Manager`, [what])
    return { principal, reading }
  }
  const { decision, assumptions } = decideSecret(world, role, reader.puller, secret)
  const step: PullStep = { kind: 'pull', action: readSecret, resource: inPolicy(secret), decision }
  const status = { allowed: 'pass', unknown: 'unknown', explicitlyDenied: 'fail', implicitlyDenied: 'fail' } as const
  const grounds = { role, evidence: [], assumptions: [...assumptions, ...assumedOf(secret, decision.decision)] }
  const reading = hopOfParts([{ status: status[decision.decision], step }], grounds, {
    pass: 'login-readable',
    unknown: 'login-undecided',
    fail: () => 'login-not-readable',
    good: `Role ${clip(role.name)} may read the login in ${clip(credentials)}`,
  })
  return { principal, reading }
}

/** How a policy names the secret. */
function inPolicy({ arn, looksWhole }: SecretName): string {
  return looksWhole ? arn : `${arn}-??????`
}

function assumedOf({ arn }: SecretName, decision: PullStep['decision']['decision']): readonly string[] {
  const secret = clip(arn)
  switch (decision) {
    case 'allowed':
      return [
        `assumes that ${secret} holds a login that is valid, has no policy that denies it, and no KMS key of the account`,
      ]
    case 'implicitlyDenied':
      return [`assumes that no policy of ${secret} itself grants it`]
    case 'explicitlyDenied':
    case 'unknown':
      return []
    default:
      return decision satisfies never
  }
}

/** The services a task needs besides its image, with the login it has to read: the worse of both decides. */
export function withLogin(services: TracedHop, reading: HopAnswer | undefined): TracedHop {
  if (reading === undefined) return services
  const { subnets, ...hop } = services.hop
  const merged = together([{ ...hop, missing: services.missing }, reading])
  // What holds in all subnets is not of those where a service cannot be reached.
  const isOfSubnets = subnets !== undefined && merged.status !== reading.status
  return { hop: { ...hopOf('ancillary', merged), ...(isOfSubnets ? { subnets } : {}) }, missing: merged.missing }
}
