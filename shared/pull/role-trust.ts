import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import { policyDocumentOf } from '../iam/evaluate/document.ts'
import { evaluateAccess } from '../iam/evaluate/evaluate.ts'
import type { Decision, PolicyDocument } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import { parseArn } from '../model/arn.ts'
import { guardrailsOf } from './guardrails.ts'
import { timeKeys } from './known-values.ts'
import { organizationIdOf } from './membership.ts'
import type { PullStep, PullWorld } from './types.ts'

/** More sources than any real trust policy names. */
const mostSources = 50

/** The services that assume roles to pull images. */
export type TrustedService = 'ecs-tasks' | 'ec2' | 'eks-fargate-pods'

/** For whom the service assumes the role. */
export interface TrustQuestion {
  readonly role: Role
  /** Region of the workload. */
  readonly region: string
  /** The Fargate profile, for pods on Fargate. */
  readonly profile?: ProfilePlace
}

/** What the source of a request for the pods of a Fargate profile is made of. */
export interface ProfilePlace {
  readonly arn: string
  readonly clusterName: string
  readonly name: string
}

/**
 * Whether the service may assume the role for a workload of the role's own account. Which `aws:SourceArn` a service sends
 * is documented only up to its account, region and (for Fargate profiles) cluster, so every plausible one is tried: the
 * answer is decided when they agree.
 */
export function roleTrust(world: PullWorld, question: TrustQuestion, service: TrustedService): PullStep {
  const decisions = sourcesOf(question, service).map((source) => trustOf(world, question.role, service, source))
  const [first, ...others] = decisions
  const agreed = first !== undefined && others.every((one) => outcomeOf(one) === outcomeOf(first))
  return {
    kind: 'trust',
    action: 'sts:AssumeRole',
    resource: question.role.ref.arn,
    decision: agreed ? first : openDecision(question.role, service, decisions),
  }
}

/** Two denials agree, whatever denies. */
function outcomeOf({ decision }: Decision): 'allowed' | 'denied' | 'unknown' {
  return decision === 'allowed' || decision === 'unknown' ? decision : 'denied'
}

/** In China a service may go by either of two names; that the second is its name is known of EC2 alone. */
function trustOf(world: PullWorld, role: Role, service: TrustedService, source: ContextValue): Decision {
  const name = `${service}.amazonaws.com`
  const plain = trustUnder(world, role, name, source)
  if (plain.decision === 'allowed' || parseArn(role.ref.arn)?.partition !== 'aws-cn') return plain
  const chinese = trustUnder(world, role, `${name}.cn`, source)
  if (chinese.decision === 'allowed') return service === 'ec2' ? chinese : openName(`${name}.cn`)
  return plain.decision === 'unknown' || chinese.decision !== 'unknown' ? plain : chinese
}

function openName(name: string): Decision {
  return undecided(`whether ${name} is the name of a service in China: it is not documented`)
}

function undecided(fact: string): Decision {
  return {
    decision: 'unknown',
    decidedBy: { layer: 'resource', result: 'unknown', reason: fact },
    layers: [],
    missing: [{ kind: 'fact', fact }],
  }
}

function trustUnder(world: PullWorld, role: Role, principalName: string, source: ContextValue): Decision {
  const { arn, accountId } = role.ref
  const document = trustDocument(role)
  const rcps = guardrailsOf(world.inventory.organizationTree, accountId, 'RESOURCE_CONTROL_POLICY')
  const { managementAccountId } = world.inventory.organizationTree
  return evaluateAccess({
    request: {
      principal: { kind: 'service', name: principalName },
      action: 'sts:AssumeRole',
      resource: { arn, accountId },
      context: trustContext(world, role, principalName, source),
    },
    identityPolicies: [],
    resourcePolicies: [{ document }],
    ...(rcps.levels === undefined ? {} : { resourceControlPolicies: rcps.levels }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
  })
}

function trustDocument(role: Role): PolicyDocument {
  const name = `trust policy of role ${role.name}`
  const { trustPolicy } = role
  // A role always has one: missing means that the source did not say.
  if (trustPolicy.state === 'absent') return { state: 'unknown', name, reason: `${name} is missing` }
  return policyDocumentOf(name, trustPolicy)
}

/** What STS sees when the service assumes a role for a customer's workload. EC2 sends no source. */
function trustContext(world: PullWorld, role: Role, principalName: string, source: ContextValue): RequestContext {
  const { accountId } = role.ref
  const organizationId = organizationIdOf(world, accountId)
  const sends = source.state === 'present'
  const inOrganization = organizationId === undefined ? unknownKey : present(organizationId)
  const path = world.inventory.organizationTree.pathOf(accountId)
  return new Map<string, ContextValue>([
    ['aws:sourcearn', source],
    ['aws:sourceaccount', sends ? present(accountId) : unknownKey],
    ['aws:sourceorgid', sends ? inOrganization : unknownKey],
    ['aws:sourceorgpaths', sends && path.state === 'known' ? present(path.value) : unknownKey],
    ['aws:principalisawsservice', present('true')],
    ['aws:principalservicename', present(principalName)],
    ['aws:securetransport', present('true')],
    ['aws:resourceaccount', present(accountId)],
    ['aws:resourceorgid', inOrganization],
    ...absentFromServiceCalls.map((key): [string, ContextValue] => [key, absentKey]),
    ...timeKeys(world.now),
  ])
}

/** A service is no principal of any account, and customers set no external id, tags or MFA for it. */
const absentFromServiceCalls = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
  'aws:federatedprovider',
  'sts:externalid',
] as const

/** Values `aws:SourceArn` may have; what lies behind the documented prefix is made up or taken from the policy itself. */
function sourcesOf({ role, region, profile }: TrustQuestion, service: TrustedService): readonly ContextValue[] {
  const partition = parseArn(role.ref.arn)?.partition ?? 'aws'
  const prefix = (name: string) => `arn:${partition}:${name}:${region}:${role.ref.accountId}:`
  switch (service) {
    case 'ec2':
      return [unknownKey]
    case 'ecs-tasks': {
      const made = ['task/any/0', 'task-definition/any:0', 'service/any/any', 'cluster/any', '*']
      const named = namedSources(role, prefix('ecs'))
      return [...made.map((end) => `${prefix('ecs')}${end}`), ...named].map((arn) => present(arn))
    }
    case 'eks-fargate-pods': {
      const { clusterName = 'any', name = 'any', arn = undefined } = profile ?? {}
      const short = `${prefix('eks')}fargateprofile/${clusterName}/${name}`
      return [arn ?? `${short}/any`, short].map((one) => present(one))
    }
    default:
      return service satisfies never
  }
}

/** Sources that the trust policy itself names under the prefix, a letter for each wildcard: one of them may be the real one. */
function namedSources(role: Role, prefix: string): readonly string[] {
  const document = trustDocument(role)
  if (document.state === 'unknown') return []
  const conditions = document.policy.statements.flatMap((statement) => statement.conditions)
  const named = conditions.filter(({ key }) => key.toLowerCase() === 'aws:sourcearn').flatMap(({ values }) => values)
  const under = named.map((value) => value.replaceAll(/[*?]/g, 'x')).filter((value) => value.startsWith(prefix))
  return [...new Set(under)].slice(0, mostSources)
}

function openDecision(role: Role, service: TrustedService, decisions: readonly Decision[]): Decision {
  const reason = `the trust policy of role ${role.name} depends on the exact aws:SourceArn that ${service} sends`
  const open = decisions.find(({ decision }) => decision === 'unknown')
  return open ?? undecided(reason)
}
