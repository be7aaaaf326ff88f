import type { LayerOutcome } from '../iam/evaluate/types.ts'
import { parseArn } from '../model/arn.ts'
import { clip } from '../model/quote.ts'
import { brokenSteps } from './describe-decision.ts'
import type { PullAnswer, PullStep } from './types.ts'

/** What a fix is written for. */
interface FixTarget {
  /** ARN of the role. */
  readonly role: string
  /** The service that has to assume it, `ecs-tasks.amazonaws.com`. */
  readonly service: string
}

/** One thing to change: where, and for which requests. */
interface Change {
  readonly where: string
  readonly actions: Set<string>
  readonly resources: Set<string>
  readonly kind: 'allow' | 'allowInResourcePolicy' | 'trust' | 'remove'
}

/**
 * The changes that make every broken step of an answer work, as sentences with the statements to add; undefined when none
 * is broken. `service` is the one that has to assume the role, `ecs-tasks.amazonaws.com`.
 */
export function fixOfPull(answer: PullAnswer, service: string): string | undefined {
  const role = answer.steps.find(({ kind }) => kind === 'trust')?.resource ?? 'the role'
  const target: FixTarget = { role, service }
  const changes = new Map<string, Change>()
  for (const step of brokenSteps(answer)) {
    for (const [where, kind] of placesToChange(step, target)) {
      const resource = kind === 'allow' && step.kind === 'token' ? '*' : step.resource
      const key = step.kind === 'token' ? `${where} token` : where
      const change = changes.get(key) ?? { where, kind, actions: new Set(), resources: new Set() }
      change.actions.add(step.action)
      change.resources.add(resource)
      changes.set(key, change)
    }
  }
  const sentences = [...changes.values()].map((change) => sentenceOf(change, target))
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

/** An explicit denial has to go; without one, every layer that does not allow has to, and one of two where one is enough. */
function placesToChange(step: PullStep, target: FixTarget): readonly (readonly [string, Change['kind']])[] {
  const { layers, decidedBy } = step.decision
  const denying = layers.filter(({ result }) => result === 'explicitlyDenied')
  if (denying.length > 0) return denying.map((layer) => [nameOfStatement(layer), 'remove'])
  if (step.kind === 'trust') return [[`the trust policy of ${clip(target.role)}`, 'trust']]
  const lacking = layers.filter(({ result }) => result === 'implicitlyDenied')
  const needed = lacking.filter(({ layer }) => layer !== 'resource' || isCrossAccount(step, target))
  return (needed.length > 0 ? needed : [decidedBy]).map((layer) => [
    placeOf(layer, step, target),
    layer.layer === 'resource' ? 'allowInResourcePolicy' : 'allow',
  ])
}

function isCrossAccount(step: PullStep, target: FixTarget): boolean {
  const owner = parseArn(step.resource)?.accountId
  return owner !== undefined && owner !== parseArn(target.role)?.accountId
}

function placeOf({ layer, orgIdentifier }: LayerOutcome, step: PullStep, { role }: FixTarget): string {
  switch (layer) {
    case 'resource':
      return `the repository policy of ${clip(step.resource)}`
    case 'boundary':
      return `the permissions boundary of ${clip(role)}`
    case 'scp':
      return `a service control policy attached to ${orgIdentifier ?? 'each level of the organization'}`
    case 'rcp':
      return `the resource control policies of ${orgIdentifier ?? 'the owner'}`
    case 'endpoint':
      return 'the policy of the VPC endpoint'
    case 'session':
      return 'the session policy'
    case 'identity':
    case 'service':
      return `a policy of ${clip(role)}`
    default:
      return layer satisfies never
  }
}

function nameOfStatement({ statement, reason }: LayerOutcome): string {
  return statement === undefined ? clip(reason) : `statement ${statement.position} of ${clip(statement.policy)}`
}

function sentenceOf({ where, kind, actions, resources }: Change, { role, service }: FixTarget): string {
  switch (kind) {
    case 'remove':
      return `Remove or narrow ${where}: it denies ${[...actions].join(' and ')}.`
    case 'trust':
      return `Add to ${where}: ${json({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })}.`
    case 'allow':
      return `Add to ${where}: ${json({ Effect: 'Allow', Action: oneOrAll(actions), Resource: oneOrAll(resources) })}.`
    case 'allowInResourcePolicy':
      return `Add to ${where}: ${json({ Effect: 'Allow', Principal: { AWS: role }, Action: oneOrAll(actions) })}.`
    default:
      return kind satisfies never
  }
}

function oneOrAll(values: ReadonlySet<string>): string | readonly string[] {
  const list = [...values]
  return list.length === 1 ? (list[0] ?? list) : list
}

function json(statement: object): string {
  return JSON.stringify(statement)
}
