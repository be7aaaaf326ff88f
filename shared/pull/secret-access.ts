import { evaluateAccess } from '../iam/evaluate/evaluate.ts'
import type { Decision, ResourcePolicyDocument } from '../iam/evaluate/types.ts'
import { patternsOverlap } from '../iam/match/overlap.ts'
import { matchesWildcard, matchesWildcardIgnoringCase } from '../iam/match/wildcard.ts'
import type { Statement } from '../iam/policy/policy.ts'
import type { Role } from '../inventory/iam.ts'
import { isAccountId, parseArn, partitionOf } from '../model/arn.ts'
import type { Scope } from '../model/resource.ts'
import { contextOf } from './decide.ts'
import { guardrailsOf } from './guardrails.ts'
import { layersBeyondRegistry } from './role-layers.ts'
import type { Puller, PullWorld, RoleLayers } from './types.ts'

/** The action that reads a secret. */
export const readSecret = 'secretsmanager:GetSecretValue'

/** A secret of Secrets Manager as a task definition names it. */
export interface SecretName {
  /** As stated; of a bare name the ARN without the six characters that Secrets Manager puts at its end. */
  readonly arn: string
  readonly scope: Scope
  /** Whether it ends as whole ARNs do. Without that end it names the same secret, and policies do not. */
  readonly looksWhole: boolean
}

/** The secret that a text names: an ARN, or a name in the account and region of the task. Undefined when it names none. */
export function secretNamed(text: string, home: Scope): SecretName | undefined {
  if (!text.startsWith('arn:')) return isName(text) ? { ...bare(text, home), looksWhole: false } : undefined
  const arn = parseArn(text)
  const name = arn?.resource.startsWith('secret:') === true ? arn.resource.slice('secret:'.length) : ''
  if (arn?.service !== 'secretsmanager' || !isAccountId(arn.accountId) || !isName(name)) return undefined
  const scope = { accountId: arn.accountId, region: arn.region }
  return { arn: text, scope, looksWhole: /-[A-Za-z0-9]{6}$/.test(name) }
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9/_+=.@-]{1,519}$/.test(text)
}

function bare(name: string, scope: Scope): Pick<SecretName, 'arn' | 'scope'> {
  const { accountId, region } = scope
  return { arn: `arn:${partitionOf(region)}:secretsmanager:${region}:${accountId}:secret:${name}`, scope }
}

/** Whether a role may read a secret, with what a verdict resting on it must carry. */
export interface SecretDecision {
  readonly decision: Decision
  readonly assumptions: readonly string[]
}

/** Six characters that no policy names: what matches them matches any. */
const anyEnd = '-Zz0Zz9'

/**
 * Decides by the policies of the role, its boundary and the guardrails. Policies of secrets are in no inventory, and may grant what
 * those of the role do not: in the account of the role one is assumed not to deny, in another account it has to grant. Where the
 * end of the ARN is not known and a policy may name it, the answer is unknown.
 */
export function decideSecret(world: PullWorld, role: Role, puller: Puller, secret: SecretName): SecretDecision {
  const layers = layersBeyondRegistry(world.inventory, role)
  const rcps = guardrailsOf(world.inventory.organizationTree, secret.scope.accountId, 'RESOURCE_CONTROL_POLICY')
  const decide = (arn: string) => decideOn(world, layers, puller, { ...secret, arn })
  const stated = decide(secret.arn)
  const other = decide(`${secret.arn}${anyEnd}`)
  const decided = secret.looksWhole ? stated : other
  // What nothing of the role's allows, a policy of the secret may.
  const final =
    decided.decision === 'implicitlyDenied' ? decideOn(world, layers, puller, secret, unread(secret)) : decided
  return {
    decision: isOpen(layers, secret, stated, other) ? open(stated, secret) : final,
    assumptions: [...new Set([...layers.assumptions, ...rcps.assumptions])],
  }
}

function isOpen(layers: RoleLayers, { arn, looksWhole }: SecretName, stated: Decision, other: Decision): boolean {
  const decided = looksWhole ? stated : other
  if (decided.decision === 'allowed' || decided.decision === 'unknown') return false
  if (decided.decision === 'explicitlyDenied') return !looksWhole && stated.decision !== 'explicitlyDenied'
  const alternative = looksWhole ? other : stated
  return alternative.decision !== 'implicitlyDenied' || mayAllow(layers, arn)
}

/** Whether a policy of the role allows something under some ends of the ARN alone. */
function mayAllow({ identityPolicies }: RoleLayers, arn: string): boolean {
  return identityPolicies.some(
    (document) => document.state === 'known' && document.policy.statements.some((one) => namesAnEnd(one, arn)),
  )
}

/** What a statement says of all ends is decided with any one of them, and NotResource leaves out single ends at most. */
function namesAnEnd({ effect, action, resource }: Statement, arn: string): boolean {
  if (effect !== 'Allow' || resource === undefined || resource.not) return false
  const isNamed = action.patterns.some((one) => matchesWildcardIgnoringCase(one, readSecret))
  if (isNamed === action.not) return false
  const isOfSome = (one: string): boolean =>
    patternsOverlap(one, `${arn}-??????`) && !matchesWildcard(one, `${arn}${anyEnd}`)
  return resource.patterns.some((one) => one.includes('${') || isOfSome(one))
}

function open(stated: Decision, { arn }: SecretName): Decision {
  const fact = `the whole ARN of secret ${arn}, with the six characters at its end`
  const reason = 'policies name the secret by its whole ARN, which is not known'
  const decidedBy = { layer: 'identity', result: 'unknown', reason } as const
  return { ...stated, decision: 'unknown', decidedBy, missing: [{ kind: 'fact', fact }] }
}

function unread({ arn }: Pick<SecretName, 'arn'>): ResourcePolicyDocument {
  const document = {
    state: 'unknown',
    name: `policy of secret ${arn}`,
    reason: 'policies of secrets are not in the inventory',
  } as const
  return { document }
}

function decideOn(
  world: PullWorld,
  layers: RoleLayers,
  puller: Puller,
  { arn, scope }: SecretName,
  ofSecret: ResourcePolicyDocument | undefined = scope.accountId === layers.role.ref.accountId
    ? undefined
    : unread({ arn }),
): Decision {
  const { role, identityPolicies, permissionsBoundaries, serviceControlPolicies, managementAccountId } = layers
  const { accountId, region } = scope
  const rcps = guardrailsOf(world.inventory.organizationTree, accountId, 'RESOURCE_CONTROL_POLICY')
  const place = { accountId, region, name: arn, arn }
  return evaluateAccess({
    request: {
      principal: { kind: 'role', arn: role.ref.arn, accountId: role.ref.accountId },
      action: readSecret,
      resource: { arn, accountId },
      context: contextOf(world, role, puller, { action: readSecret, region, repository: place }),
    },
    identityPolicies,
    resourcePolicies: ofSecret === undefined ? [] : [ofSecret],
    ...(permissionsBoundaries === undefined ? {} : { permissionsBoundaries }),
    ...(serviceControlPolicies === undefined ? {} : { serviceControlPolicies }),
    ...(rcps.levels === undefined ? {} : { resourceControlPolicies: rcps.levels }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
  })
}
