import type { Role } from '../../inventory/iam.ts'
import type { HopStatus } from '../../model/pull.ts'
import { clip } from '../../model/quote.ts'
import { type PrivateImage, requestsOf, trustedServiceOf } from '../can-pull.ts'
import { decideFor } from '../decide.ts'
import { guardrailsOf } from '../guardrails.ts'
import { layersOfRole } from '../role-layers.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullStep, PullWorld } from '../types.ts'
import type { WorkloadPuller } from '../workloads.ts'
import { guardrailsHop } from './guardrails.ts'
import { distinct, type HopAnswer, skipping, undecided, worst } from './hop-answer.ts'
import { missingRoleHop, trustHop, unknownRoleHop } from './principal.ts'
import { pullActionsHop } from './pull-actions.ts'
import { splitDecision } from './split-decision.ts'
import { tokenHop } from './token.ts'

/** What the hops of one role say. */
export interface IdentityAnswers {
  readonly principal: HopAnswer
  readonly token: HopAnswer
  readonly 'pull-actions': HopAnswer
  readonly guardrails: HopAnswer
}

/** The hops that identities decide, in order. */
export const identityHops = ['principal', 'token', 'pull-actions', 'guardrails'] as const

/** Whether one role may pull an image. */
export function identityOfRole(
  world: PullWorld,
  { workload, profile }: PullToTrace,
  { roleName, puller }: WorkloadPuller,
  image: PrivateImage,
): IdentityAnswers {
  const role = world.inventory.role(roleName, workload.scope)
  if (role.state === 'absent') return { principal: missingRoleHop(roleName, role.assumptions), ...notAsked() }
  if (role.state === 'unknown') return { principal: unknownRoleHop(roleName, role.reason), ...notAsked() }
  const { region } = workload.scope
  const question = { role: role.value, region, ...(profile === undefined ? {} : { profile }) }
  return {
    principal: trustHop(world, question, trustedServiceOf[puller]),
    ...permissionsOf(world, role.value, puller, image, workload.scope.region),
  }
}

/** Nothing can be asked of a role that is not there. */
export function notAsked(): Omit<IdentityAnswers, 'principal'> {
  const skipped = skipping('role-not-known', 'Without a known role there is nothing to ask')
  return { token: skipped, 'pull-actions': skipped, guardrails: skipped }
}

function permissionsOf(
  world: PullWorld,
  role: Role,
  puller: WorkloadPuller['puller'],
  image: PrivateImage,
  home: string,
): Omit<IdentityAnswers, 'principal'> {
  const decided = requestsOf([image], home).map((request) => {
    const { decision, assumptions } = decideFor(world, role, puller, request)
    const { action, repository } = request
    const kind = repository === undefined ? 'token' : 'pull'
    const step: PullStep = { kind, action, resource: repository?.arn ?? '*', decision }
    return { split: splitDecision(step, role.ref.arn), assumptions }
  })
  const limits = new Set(guardrailAssumptions(world, role, image.accountId))
  const assumptions = (kind: PullStep['kind']): readonly string[] =>
    distinct(decided.filter(({ split }) => split.step.kind === kind).flatMap((one) => one.assumptions)).filter(
      (one) => !limits.has(one),
    )
  const splits = decided.map(({ split }) => split)
  const { evidence } = layersOfRole(world.inventory, role)
  return {
    token: tokenHop(
      splits.filter(({ step }) => step.kind === 'token'),
      { role, evidence, assumptions: assumptions('token') },
    ),
    'pull-actions': pullActionsHop(
      splits.filter(({ step }) => step.kind === 'pull'),
      {
        role,
        evidence,
        assumptions: assumptions('pull'),
      },
    ),
    guardrails: guardrailsHop(splits, { role, evidence: [], assumptions: [...limits] }),
  }
}

function guardrailAssumptions({ inventory }: PullWorld, role: Role, owner: string): readonly string[] {
  const tree = inventory.organizationTree
  const scps = guardrailsOf(tree, role.ref.accountId, 'SERVICE_CONTROL_POLICY').assumptions
  const rcps = distinct([role.ref.accountId, owner]).flatMap(
    (accountId) => guardrailsOf(tree, accountId, 'RESOURCE_CONTROL_POLICY').assumptions,
  )
  return distinct([...scps, ...rcps])
}

/** What all hops of a role come to. */
export function statusOfRole(answers: IdentityAnswers): HopStatus {
  return worst(identityHops.map((hop) => answers[hop].status))
}

/**
 * One answer for roles of which any may be the one that is used: where all can or none can, that is the answer; where they
 * differ, which is used decides, and nothing known says so.
 */
export function mergeRoles(roles: readonly (readonly [name: string, answers: IdentityAnswers])[]): IdentityAnswers {
  const [first] = roles
  if (first === undefined) throw new Error('there is at least one role')
  if (roles.length === 1) return first[1]
  const all = roles.map(([, answers]) => answers)
  const isBroken = all.every((answers) => statusOfRole(answers) === 'fail')
  const names = roles.map(([name]) => clip(name)).join(' and ')
  const question = `which of ${names} pulls: the agent takes the execution role when it receives useExecutionRole`
  const merged = (hop: keyof IdentityAnswers) =>
    mergeHop(
      all.map((answers) => answers[hop]),
      isBroken,
      question,
    )
  const differing = new Set(all.map(statusOfRole))
  const principal = merged('principal')
  const isOpen = !isBroken && differing.has('fail') && differing.has('pass')
  return {
    principal: isOpen
      ? undecided('roles-differ', `${names} do not get equally far`, [question], { evidence: principal.evidence })
      : principal,
    token: merged('token'),
    'pull-actions': merged('pull-actions'),
    guardrails: merged('guardrails'),
  }
}

function mergeHop(answers: readonly HopAnswer[], isBroken: boolean, question: string): HopAnswer {
  const statuses = new Set(answers.map(({ status }) => status))
  const lead = answers.find(({ status }) => status === worst([...statuses])) ?? answers[0]
  if (lead === undefined) throw new Error('there is at least one answer')
  if (statuses.size === 1 || isBroken || lead.status === 'pass') {
    const evidence = answers.filter(({ status }) => status === lead.status).flatMap((one) => one.evidence)
    return { ...lead, evidence, assumptions: distinct(answers.flatMap((one) => one.assumptions)) }
  }
  const missing = distinct([question, ...answers.flatMap((one) => one.missing)])
  return undecided('roles-differ', lead.reason, missing, { evidence: lead.evidence, assumptions: lead.assumptions })
}
