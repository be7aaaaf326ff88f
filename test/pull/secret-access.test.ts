import { describe, expect, it, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { decideSecret, secretNamed } from '../../shared/pull/secret-access.ts'
import { customerPolicy, type EstatePart, home, managedPolicy, policyArn, role } from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const prefix = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:'
const whole = `${prefix}hub-AbCdEf`

describe('a secret', () => {
  test.each([
    [whole, whole, true],
    [`${prefix}hub`, `${prefix}hub`, false],
    [`${prefix}team/hub`, `${prefix}team/hub`, false],
    // Reads like a whole ARN and may be none.
    [`${prefix}my-secret`, `${prefix}my-secret`, true],
    ['hub', `${prefix}hub`, false],
    ['team/hub-AbCdEf', `${prefix}team/hub-AbCdEf`, false],
  ])('is named by %s', (text, arn, looksWhole) => {
    expect(secretNamed(text, home)).toEqual({ arn, looksWhole, scope: home })
  })

  it('lies where its ARN says', () => {
    const scope = { accountId: '222222222222', region: 'us-east-1' }
    expect(secretNamed('arn:aws:secretsmanager:us-east-1:222222222222:secret:hub', home)?.scope).toEqual(scope)
    expect(secretNamed('hub', { accountId: '111122223333', region: 'cn-north-1' })?.arn).toBe(
      'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:hub',
    )
  })

  test.each([
    '',
    'a b',
    'arn:aws:ssm:eu-central-1:111122223333:parameter/hub',
    `${whole}:password::`,
    `${prefix}`,
    `${prefix}*`,
    `${prefix}\${Hub}`,
    'arn:aws:secretsmanager:eu-central-1:1234:secret:hub',
    'arn:aws:secretsmanager:eu-central-1:111122223333:hub',
  ])('is not named by %j', (text) => {
    expect(secretNamed(text, home)).toBeUndefined()
  })
})

function decisionOn(named: string, parts: readonly EstatePart[]) {
  const world = worldOf(parts)
  const secret = secretNamed(named, home)
  if (secret === undefined) throw new Error(named)
  return decideSecret(world, roleIn(world.inventory, 'execution'), 'fargateTask', secret)
}

function withStatements(...Statement: readonly JsonObject[]): readonly EstatePart[] {
  return [role({ name: 'execution', inline: { p: { Version: '2012-10-17', Statement: [...Statement] } } })]
}

const may = (Resource: JsonValue, more: JsonObject = {}) => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource,
  ...more,
})
const mayNot = (Resource: JsonValue) => may(Resource, { Effect: 'Deny' })

/** Nothing of the role's allows it, and whether the secret's own policy does is not known. */
const leftToSecret = 'left to the secret'

function outcomeOf(named: string, statement: JsonObject): string {
  const { decision } = decisionOn(named, withStatements(statement))
  const [first, ...others] = decision.missing
  const isLeft = others.length === 0 && first?.kind === 'document' && first.policy.startsWith('policy of secret ')
  return decision.decision === 'unknown' && isLeft ? leftToSecret : decision.decision
}

describe('reading a secret named by its whole ARN', () => {
  test.each<[string, JsonObject, string]>([
    ['by that ARN', may(whole), 'allowed'],
    ['by its name and any end', may(`${prefix}hub-??????`), 'allowed'],
    ['by a wildcard', may(`${prefix}h*`), 'allowed'],
    ['by a wildcard for everything', may('*', { Action: 'secretsmanager:*' }), 'allowed'],
    ['by another name', may(`${prefix}other-??????`), leftToSecret],
    ['by its name alone', may(`${prefix}hub`), leftToSecret],
    ['in another action', may('*', { Action: 'secretsmanager:DescribeSecret' }), leftToSecret],
    ['to nobody', mayNot('*'), 'explicitlyDenied'],
    // The name may be one that ends like a whole ARN.
    ['with six more characters', may(`${whole}-??????`), 'unknown'],
    ['by one end of that', may(`${whole}-Qq1Qq2`), 'unknown'],
    ['by a variable', may(`${prefix}hub-AbCdEf-\${aws:PrincipalTag/end}`), 'unknown'],
    [
      'in what passes through a service alone',
      may('*', { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } }),
      leftToSecret,
    ],
    ['by all names but its own', { Effect: 'Allow', Action: '*', NotResource: `${prefix}hub*` }, leftToSecret],
    ['by all names but another', { Effect: 'Allow', Action: '*', NotResource: `${prefix}prod/*` }, 'allowed'],
    ['with a tag', may('*', { Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }), 'unknown'],
    ['for a version', may(whole, { Condition: { StringEquals: { 'secretsmanager:VersionStage': 'A' } } }), 'unknown'],
  ])('that is allowed %s', (_, statement, decision) => {
    expect(outcomeOf(whole, statement)).toBe(decision)
  })
})

describe.each(['hub', `${prefix}hub`])('reading a secret named %s, without the end of its ARN', (named) => {
  test.each<[string, JsonObject, string]>([
    ['by its name and any end', may(`${prefix}hub-??????`), 'allowed'],
    ['by its name and more', may(`${prefix}hub*`), 'allowed'],
    ['by a wildcard for everything', may('*'), 'allowed'],
    ['by a whole ARN, which may be its own', may(whole), 'unknown'],
    ['by the ARN without its end', may(`${prefix}hub`), 'unknown'],
    ['by another name', may(`${prefix}hubs-AbCdEf`), leftToSecret],
    ['in another action', may('*', { Action: 'ssm:GetParameters' }), leftToSecret],
    ['by all names but its own', { Effect: 'Allow', Action: '*', NotResource: `${prefix}hub*` }, leftToSecret],
    ['to nobody', mayNot('*'), 'explicitlyDenied'],
    ['to nobody under its name', mayNot(`${prefix}hub*`), 'explicitlyDenied'],
  ])('that is allowed %s', (_, statement, decision) => {
    expect(outcomeOf(named, statement)).toBe(decision)
  })

  it('says what is missing where the end decides', () => {
    expect(decisionOn(named, withStatements(may(whole))).decision).toMatchObject({
      decision: 'unknown',
      missing: [{ kind: 'fact', fact: `the whole ARN of secret ${prefix}hub, with the six characters at its end` }],
    })
  })
})

describe('policies that AWS wrote', () => {
  const attached = (...arns: readonly string[]) => [role({ name: 'execution', attached: arns })]
  const ofTasks = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'
  const ofSecrets = 'arn:aws:iam::aws:policy/SecretsManagerReadWrite'

  it('for execution roles speak of no secret', () => {
    expect(decisionOn(whole, attached(ofTasks))).toMatchObject({
      decision: { decision: 'unknown', missing: [{ policy: `policy of secret ${whole}` }] },
      assumptions: expect.arrayContaining([
        'assumes that AWS-managed policy AmazonECSTaskExecutionRolePolicy speaks of registries and logs alone',
      ]),
    })
  })

  it('leave it open when nobody carries their text', () => {
    expect(decisionOn(whole, attached(ofTasks, ofSecrets)).decision).toMatchObject({
      decision: 'unknown',
      missing: [{ kind: 'document', reason: `the text of ${ofSecrets} is not in the inventory` }],
    })
  })

  it('decide when the files carry their text', () => {
    const text = { Version: '2012-10-17', Statement: [may('*')] }
    expect(decisionOn(whole, [...attached(ofSecrets), managedPolicy(ofSecrets, text)]).decision.decision).toBe(
      'allowed',
    )
  })

  it('are not those of a customer with the same name', () => {
    const name = 'AmazonECSTaskExecutionRolePolicy'
    const text = { Version: '2012-10-17', Statement: [may(whole)] }
    const own = [...attached(policyArn(name)), customerPolicy(name, text)]
    expect(decisionOn(whole, own).decision.decision).toBe('allowed')
    expect(decisionOn(whole, attached(policyArn(name))).decision.decision).not.toBe('implicitlyDenied')
  })
})

describe('a secret of another account', () => {
  const theirs = whole.replace('111122223333', '222222222222')

  it('needs a policy of its own, which no inventory holds', () => {
    expect(decisionOn(theirs, withStatements(may('*'))).decision).toMatchObject({
      decision: 'unknown',
      missing: [{ kind: 'document', policy: `policy of secret ${theirs}` }],
    })
  })

  it('is out of reach without a policy of the role', () => {
    expect(decisionOn(theirs, withStatements(may(whole))).decision.decision).toBe('implicitlyDenied')
  })
})
