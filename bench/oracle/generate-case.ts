import { generateCondition, generateContext } from './generate-condition.ts'
import type { InputCase, InputLevel, InputPolicy, InputStatement, NamedPolicy } from './input-case.ts'
import { type Random, seeded, variable } from './random.ts'

const home = '111122223333'
const other = '444455556666'

interface Target {
  readonly action: string
  readonly resource: (account: string) => string
  /** True when the resource may have a policy of its own. */
  readonly policy: boolean
}

const targets: readonly [Target, ...Target[]] = [
  { action: 'ecr:BatchGetImage', resource: (a) => `arn:aws:ecr:us-east-1:${a}:repository/team/app`, policy: true },
  { action: 'ecr:PutImage', resource: (a) => `arn:aws:ecr:us-east-1:${a}:repository/team/app`, policy: true },
  { action: 'ecr:GetAuthorizationToken', resource: () => '*', policy: false },
  { action: 's3:GetObject', resource: () => 'arn:aws:s3:::team-bucket/team/app', policy: true },
  { action: 'sqs:SendMessage', resource: (a) => `arn:aws:sqs:us-east-1:${a}:team-app`, policy: true },
  {
    action: 'secretsmanager:GetSecretValue',
    resource: (a) => `arn:aws:secretsmanager:us-east-1:${a}:secret:team/app`,
    policy: true,
  },
  { action: 'dynamodb:GetItem', resource: (a) => `arn:aws:dynamodb:us-east-1:${a}:table/team-app`, policy: true },
  { action: 'kms:Decrypt', resource: (a) => `arn:aws:kms:us-east-1:${a}:key/1234abcd`, policy: true },
  { action: 'sts:AssumeRole', resource: (a) => `arn:aws:iam::${a}:role/team-app`, policy: true },
]

const principals: readonly [string, ...string[]] = [
  `arn:aws:iam::${home}:role/team`,
  `arn:aws:iam::${home}:role/path/team`,
  `arn:aws:sts::${home}:assumed-role/team/session`,
  `arn:aws:sts::${home}:assumed-role/team/session`,
  `arn:aws:iam::${home}:user/team`,
  `arn:aws:iam::${home}:user/path/team`,
  `arn:aws:iam::${home}:root`,
  `arn:aws:sts::${home}:federated-user/team`,
  'ecs-tasks.amazonaws.com',
]

interface Scene {
  readonly random: Random
  readonly action: string
  readonly arn: string
  readonly resourceAccount: string
  readonly principal: string | undefined
}

/** One random request with every kind of policy; the same seed makes the same case. */
export function generateCase(seed: number): InputCase {
  const random = seeded(seed)
  const target = random.pick(targets)
  const resourceAccount = target.resource(home) !== '*' && random.chance(35) ? other : home
  const principal = random.chance(5) ? undefined : random.pick(principals)
  const arn = target.resource(resourceAccount)
  const scene: Scene = { random, action: target.action, arn, resourceAccount, principal }
  return {
    request: {
      principal: principal ?? { type: 'Anonymous' },
      action: target.action,
      resource: { resource: arn, accountId: resourceAccount },
      context: generateContext(random),
    },
    ...principalLayers(scene),
    ...(target.policy && random.chance(65) ? { resourcePolicy: policyOf(scene, 'resource') } : {}),
    ...(random.chance(25) ? { resourceControlPolicies: levels(scene, 'rcp') } : {}),
    ...(random.chance(15) ? { endpointPolicies: [{ name: 'endpoint', policy: policyOf(scene, 'endpoint') }] } : {}),
  }
}

function principalLayers(scene: Scene): Partial<InputCase> & Pick<InputCase, 'identityPolicies'> {
  const { random, principal } = scene
  if (principal === undefined || principal.endsWith('.amazonaws.com')) return { identityPolicies: [] }
  const session = /role|federated/.test(principal) && random.chance(20)
  const bounded = !/root|federated/.test(principal) && random.chance(25)
  return {
    identityPolicies: principal.endsWith(':root') ? [] : list(scene, 'identity', random.below(3)),
    ...(session ? { sessionPolicy: policyOf(scene, 'session') } : {}),
    ...(bounded ? { permissionBoundaries: list(scene, 'boundary', 1) } : {}),
    ...(random.chance(30) ? { serviceControlPolicies: levels(scene, 'scp') } : {}),
  }
}

type Kind = 'identity' | 'session' | 'boundary' | 'scp' | 'rcp' | 'endpoint' | 'resource'

function list(
  scene: Scene,
  kind: Kind,
  count: number,
): readonly { readonly name: string; readonly policy: InputPolicy }[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${kind} ${index + 1}`, policy: policyOf(scene, kind) }))
}

function levels(scene: Scene, kind: 'scp' | 'rcp'): readonly InputLevel[] {
  return Array.from({ length: 1 + scene.random.below(2) }, (_, index) => ({
    orgIdentifier: index === 0 ? 'r-root' : `ou-root-${index}`,
    policies: [
      ...(kind === 'scp' && scene.random.chance(70) ? [everything] : []),
      ...list(scene, kind, scene.random.below(2)),
    ],
  }))
}

const everything: NamedPolicy = {
  name: 'FullAWSAccess',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}

function policyOf(scene: Scene, kind: Kind): InputPolicy {
  const { random } = scene
  const statements = Array.from({ length: 1 + random.below(2) }, () => statementOf(scene, kind))
  return { Version: kind === 'rcp' || random.chance(90) ? '2012-10-17' : '2008-10-17', Statement: statements }
}

function statementOf(scene: Scene, kind: Kind): InputStatement {
  const { random } = scene
  // RCPs of customers may only deny.
  const effect = kind === 'rcp' || random.chance(25) ? 'Deny' : 'Allow'
  return {
    Effect: effect,
    ...principalElement(scene, kind, effect),
    ...actionElement(scene, kind),
    ...resourceElement(scene, kind),
    ...(random.chance(45) ? { Condition: generateCondition(random) } : {}),
  }
}

function principalElement(scene: Scene, kind: Kind, effect: string): Partial<InputStatement> {
  // The oracle refuses any other here.
  if (kind === 'rcp' || kind === 'endpoint') return { Principal: '*' }
  if (kind !== 'resource') return {}
  const { random } = scene
  if (random.chance(20)) return { Principal: random.pick<unknown>(['*', { AWS: '*' }]) }
  if (random.chance(10))
    return { Principal: { Service: random.pick(['ecs-tasks.amazonaws.com', 'ec2.amazonaws.com']) } }
  const listed = { AWS: random.chance(30) ? [namedPrincipal(scene), namedPrincipal(scene)] : namedPrincipal(scene) }
  return effect === 'Deny' && random.chance(40) ? { NotPrincipal: listed } : { Principal: listed }
}

function namedPrincipal({ random, principal }: Scene): string {
  const accountWide = random.pick([home, `arn:aws:iam::${home}:root`, `arn:aws:iam::${other}:root`])
  if (random.chance(35) || principal?.startsWith('arn:') !== true) return accountWide
  const session = /assumed-role\/([^/]+)/.exec(principal)
  if (session !== null) return random.pick([principal, `arn:aws:iam::${home}:role/${session[1] ?? ''}`])
  return random.chance(75) ? principal : random.pick([`arn:aws:iam::${home}:role/x`, `arn:aws:iam::${home}:user/x`])
}

function actionElement({ random, action }: Scene, kind: Kind): Partial<InputStatement> {
  const [service = '', name = ''] = action.split(':')
  const all = kind === 'rcp' ? `${service}:*` : '*'
  const patterns = random.pick<string | readonly string[]>([
    action,
    action,
    action.toUpperCase(),
    `${service}:*`,
    `${service}:${name.slice(0, 3)}*`,
    `${service}:${name.slice(0, -1)}?`,
    all,
    ['ec2:RunInstances', action],
    'ec2:RunInstances',
  ])
  if (kind === 'rcp' || !random.chance(10)) return { Action: patterns }
  return { NotAction: random.pick<string | readonly string[]>(['iam:*', 'ec2:RunInstances', action]) }
}

function resourceElement({ random, arn, action }: Scene, kind: Kind): Partial<InputStatement> {
  if (kind === 'resource' && (action === 'sts:AssumeRole' || action.startsWith('ecr:'))) return {}
  if (arn === '*')
    return { Resource: random.pick<string>(['*', '*', '*', 'arn:aws:ecr:us-east-1:111122223333:repository/*']) }
  const patterns = random.pick<string | readonly string[]>([
    arn,
    arn,
    '*',
    arn.replace('team/app', `${variable('aws:PrincipalTag/team')}/*`),
    arn.replace('app', variable("aws:PrincipalTag/part, 'app'")),
    arn.replace('app', '*'),
    arn.replace('app', '?pp'),
    `${arn}x`,
    [`${arn}x`, arn],
  ])
  return kind !== 'rcp' && random.chance(10) ? { NotResource: patterns } : { Resource: patterns }
}
