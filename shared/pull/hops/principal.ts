import { clip } from '../../model/quote.ts'
import { isDenied } from '../can-pull.ts'
import { evidenceOfPull, missingOfPull } from '../describe-decision.ts'
import { fixOfPull } from '../fix-of-pull.ts'
import { remembering } from '../remembered.ts'
import { roleTrust, type TrustedService, type TrustQuestion } from '../role-trust.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullAnswer, PullWorld } from '../types.ts'
import { failing, type HopAnswer, passing, undecided } from './hop-answer.ts'

const remembered = remembering<HopAnswer>()

/** Whether the service that starts the workload may assume the role. Remembered: it is the same for all images. */
export function trustHop(world: PullWorld, question: TrustQuestion, service: TrustedService): HopAnswer {
  const { role, region, profile } = question
  const key = JSON.stringify([region, profile, service, world.now?.getTime()])
  return remembered([world.inventory, world.organization, role], key, () => judgedTrust(world, question, service))
}

function judgedTrust(world: PullWorld, question: TrustQuestion, service: TrustedService): HopAnswer {
  const { role } = question
  const step = roleTrust(world, question, service)
  const name = `${service}.amazonaws.com`
  const answer: PullAnswer = { status: 'fail', steps: [step], assumptions: [], evidence: [] }
  const evidence = evidenceOfPull(answer)
  const { decision, decidedBy } = step.decision
  if (isDenied(decision)) {
    const reason = `${name} may not assume role ${clip(role.name)}: ${clip(decidedBy.reason)}`
    return failing('role-not-assumable', reason, { evidence, fix: fixOfPull(answer, name) })
  }
  if (decision === 'unknown') {
    const missing = missingOfPull(answer).map(({ reason }) => reason)
    return undecided('trust-undecided', `Whether ${name} may assume role ${clip(role.name)} is not known`, missing, {
      evidence,
    })
  }
  return passing('role-assumable', `Role ${clip(role.name)} pulls, and ${name} may assume it`, { evidence })
}

/** The role is not among those of its account. */
export function missingRoleHop(roleName: string, assumptions: readonly string[]): HopAnswer {
  return failing('role-missing', `Role ${clip(roleName)} does not exist`, {
    evidence: [{ source: 'role', detail: clip(roleName) }],
    assumptions,
    fix: `Create role ${clip(roleName)} or name one that exists`,
  })
}

/** The role may exist and is not in the inventory. */
export function unknownRoleHop(roleName: string, reason: string): HopAnswer {
  return undecided('role-not-in-inventory', `Role ${clip(roleName)} is not in the inventory: ${clip(reason)}`, [
    `role ${clip(roleName)}`,
  ])
}

/** Nobody is named who pulls, or it is not known who. */
export function pullerHop({ workload, pullers, credentials }: PullToTrace): HopAnswer | undefined {
  if (credentials !== undefined) {
    return undecided('credentials-of-secret', `The login of ${clip(credentials)} is used instead of a role`, [
      `who made the login in ${clip(credentials)} and until when it holds`,
    ])
  }
  if (pullers.state === 'known' && pullers.value.length > 0) return undefined
  if (pullers.state === 'unknown') {
    return undecided('puller-unknown', `Which role pulls is not known: ${clip(pullers.reason)}`, [clip(pullers.reason)])
  }
  if (workload.compute !== 'fargateTask') {
    return undecided('puller-unknown', 'Which role pulls is not known: none is named', [
      `role of ${clip(workload.name)}`,
    ])
  }
  return failing('no-execution-role', 'The task definition has no execution role, and on Fargate nothing else pulls', {
    evidence: [{ source: 'task definition', detail: 'executionRoleArn is not set' }],
    fix: 'Set executionRoleArn of the task definition to a role that ecs-tasks.amazonaws.com may assume and that may pull the image',
  })
}
