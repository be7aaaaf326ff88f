import type { Role } from '../../inventory/iam.ts'
import type { HopStatus } from '../../model/pull.ts'
import { clip } from '../../model/quote.ts'
import { type PrivateImage, requestsOf, trustedServiceOf } from '../can-pull.ts'
import { decideFor, type RegistryRequest } from '../decide.ts'
import { guardrailsOf } from '../guardrails.ts'
import { layersOfRole } from '../role-layers.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullWorld } from '../types.ts'
import type { PullWays } from '../way-keys.ts'
import type { WorkloadPuller } from '../workloads.ts'
import { guardrailsHop } from './guardrails.ts'
import { distinct, type HopAnswer, skipping, undecided, worst } from './hop-answer.ts'
import type { RoleGrounds } from './permission-parts.ts'
import { missingRoleHop, trustHop, unknownRoleHop } from './principal.ts'
import { pullActionsHop } from './pull-actions.ts'
import { type SplitDecision, splitDecision } from './split-decision.ts'
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

/** Whether one role may pull an image, its requests taking the given ways. */
export function identityOfRole(
  world: PullWorld,
  { workload, profile }: PullToTrace,
  { roleName, puller }: WorkloadPuller,
  image: PrivateImage,
  ways: PullWays = {},
): IdentityAnswers {
  const role = world.inventory.role(roleName, workload.scope)
  if (role.state === 'absent') return { principal: missingRoleHop(roleName, role.assumptions), ...notAsked() }
  if (role.state === 'unknown') return { principal: unknownRoleHop(roleName, role.reason), ...notAsked() }
  const { region } = workload.scope
  const question = { role: role.value, region, ...(profile === undefined ? {} : { profile }) }
  return {
    principal: trustHop(world, question, trustedServiceOf[puller]),
    ...permissionsOf(world, role.value, puller, image, ways),
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
  ways: PullWays,
): Omit<IdentityAnswers, 'principal'> {
  const decided = requestsOf([image], image.region).map((request) => decidedOn(world, role, puller, request, ways))
  const ofToken = decided.filter(({ split }) => split.step.kind === 'token')
  const ofPull = decided.filter(({ split }) => split.step.kind === 'pull')
  const limits = new Set(guardrailAssumptions(world, role, image.accountId))
  const { evidence } = layersOfRole(world.inventory, role)
  const groundsOf = (requests: readonly Decided[]): RoleGrounds => {
    const assumptions = distinct(requests.flatMap((one) => one.assumptions)).filter((one) => !limits.has(one))
    return { role, evidence, assumptions }
  }
  const guardrails = guardrailsHop(splitsOf(decided), { role, evidence: [], assumptions: [...limits] })
  return {
    token: onWays(tokenHop(splitsOf(ofToken), groundsOf(ofToken)), ofToken),
    'pull-actions': onWays(pullActionsHop(splitsOf(ofPull), groundsOf(ofPull)), ofPull),
    guardrails: onWays(guardrails, decided),
  }
}

interface Decided {
  readonly split: SplitDecision
  readonly assumptions: readonly string[]
  /** The way of the request in words, where a condition asks for it. */
  readonly way: string | undefined
}

function decidedOn(
  world: PullWorld,
  role: Role,
  puller: WorkloadPuller['puller'],
  request: RegistryRequest,
  ways: PullWays,
): Decided {
  const { action, repository } = request
  const kind = repository === undefined ? 'token' : 'pull'
  const way = ways[kind]
  const { decision, assumptions } = decideFor(world, role, puller, request, way)
  const isAsked = way !== undefined && decision !== decideFor(world, role, puller, request).decision
  const split = splitDecision({ kind, action, resource: repository?.arn ?? '*', decision }, role.ref.arn)
  return { split, assumptions, way: isAsked ? way.way : undefined }
}

function splitsOf(decided: readonly Decided[]): readonly SplitDecision[] {
  return decided.map(({ split }) => split)
}

/** Says by which ways the requests come, where a condition on them made the difference. */
function onWays(answer: HopAnswer, decided: readonly Decided[]): HopAnswer {
  const ways = distinct(decided.flatMap(({ way }) => way ?? []))
  if (ways.length === 0) return answer
  const said = `the requests come through ${ways.join(' and ')}`
  const evidence = [...answer.evidence, { source: 'request', detail: said }]
  return answer.status === 'fail'
    ? { ...answer, evidence, reason: `${answer.reason}; ${said}` }
    : { ...answer, evidence }
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
