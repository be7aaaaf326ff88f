import { describe, expect, it } from 'vitest'
import { explainAccess } from '../../../shared/iam/evaluate/explain.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { allow, caseOf, decided, type Given } from './access-case.ts'

const deny = (more: JsonObject = {}): JsonObject => ({ Effect: 'Deny', Action: 'ecr:*', Resource: '*', ...more })
const all = allow({ Action: '*' })
const everyone: JsonObject = { Principal: '*' }

/** The decision, who decided, and each layer as `layer level: result: reason`. */
function proofOf(given: Given) {
  const { decision, decidedBy, layers } = decided(given)
  const told = layers.map(
    ({ layer, orgIdentifier, result, reason }) =>
      `${layer}${orgIdentifier === undefined ? '' : ` ${orgIdentifier}`}: ${result}: ${reason}`,
  )
  return { decision, by: layers.indexOf(decidedBy), layers: told }
}

const noResourcePolicy = 'resource: notApplicable: there is no resource policy'
const byFirst = 'identity: allowed: identity policy, statement 1 allows it'

describe('the proof of a decision', () => {
  it('goes through all layers in the order of AWS', () => {
    const found = proofOf({
      identity: [allow({ Sid: 'Pull' })],
      scp: [[all], [all, deny({ Action: 's3:*' })]],
      rcp: [[{ ...all, ...everyone }]],
      boundary: [all],
      session: [allow()],
      endpoint: [{ ...all, ...everyone }],
      resourcePolicy: [{ Effect: 'Deny', Principal: { AWS: '999988887777' }, Action: 'ecr:*' }],
    })
    expect(found).toEqual({
      decision: 'allowed',
      by: 4,
      layers: [
        'rcp r-root: allowed: nothing in the resource control policies of r-root denies it',
        'scp r-root: allowed: SCP 1, statement 1 allows it',
        'scp ou-1: allowed: SCP 2, statement 1 allows it',
        'resource: implicitlyDenied: no statement of the resource policies allows ecr:BatchGetImage',
        'identity: allowed: identity policy, statement 1 (Sid "Pull") allows it',
        'boundary: allowed: boundary, statement 1 allows it',
        'session: allowed: session policy, statement 1 allows it',
        'endpoint: allowed: endpoint policy, statement 1 allows it',
      ],
    })
  })
  const silence: readonly (readonly [string, Given, number, readonly string[]])[] = [
    ['without policies', {}, 1, [noResourcePolicy, 'identity: implicitlyDenied: there is no identity policy']],
    [
      'of an organizational unit',
      { identity: [allow()], scp: [[all], [allow({ Action: 's3:*' })]] },
      1,
      [
        'scp r-root: allowed: SCP 1, statement 1 allows it',
        'scp ou-1: implicitlyDenied: no statement of the service control policies of ou-1 allows ecr:BatchGetImage',
        noResourcePolicy,
        byFirst,
      ],
    ],
    [
      'of a boundary',
      { identity: [allow()], boundary: [allow({ Action: 's3:*' })] },
      2,
      [
        noResourcePolicy,
        byFirst,
        'boundary: implicitlyDenied: no statement of the permissions boundary allows ecr:BatchGetImage',
      ],
    ],
    [
      'of a session policy',
      {
        principal: 'arn:aws:sts::111122223333:assumed-role/r/s',
        identity: [allow()],
        session: [allow({ Action: 's3:*' })],
      },
      2,
      [
        noResourcePolicy,
        byFirst,
        'session: implicitlyDenied: no statement of the session policies allows ecr:BatchGetImage',
      ],
    ],
    [
      'of an endpoint',
      { identity: [allow()], endpoint: [{ ...allow({ Action: 's3:*' }), ...everyone }] },
      2,
      [
        noResourcePolicy,
        byFirst,
        'endpoint: implicitlyDenied: no statement of the VPC endpoint policies allows ecr:BatchGetImage',
      ],
    ],
    [
      'of a federated session without a policy',
      { principal: 'arn:aws:sts::111122223333:federated-user/bob', identity: [allow()] },
      2,
      [
        noResourcePolicy,
        byFirst,
        'session: implicitlyDenied: a federated user session without a session policy has no permissions',
      ],
    ],
    [
      'of the resource policy of another account',
      { identity: [allow()], resource: 'arn:aws:ecr:eu-west-1:999988887777:repository/app', resourcePolicy: [] },
      0,
      ['resource: implicitlyDenied: no statement of the resource policies allows ecr:BatchGetImage', byFirst],
    ],
    [
      'of resource policies that have no say',
      {
        action: 'ecr:GetAuthorizationToken',
        resourcePolicy: [{ Effect: 'Allow', ...everyone, Action: 'ecr:*' }],
        identity: [],
      },
      1,
      [
        'resource: implicitlyDenied: no resource policy has a say',
        'identity: implicitlyDenied: no statement of the identity policies allows ecr:GetAuthorizationToken',
      ],
    ],
  ]
  it.each(silence)('names the silence %s', (_name, given, by, layers) => {
    expect(proofOf(given)).toEqual({ decision: 'implicitlyDenied', by, layers })
  })
  it('names the statement that denies', () => {
    expect(proofOf({ identity: [allow()], scp: [[all, deny({ Sid: 'No' })]] })).toEqual({
      decision: 'explicitlyDenied',
      by: 0,
      layers: ['scp r-root: explicitlyDenied: SCP 1, statement 2 (Sid "No") denies it', noResourcePolicy, byFirst],
    })
  })
  const exempt: readonly (readonly [string, Given, number, readonly string[]])[] = [
    [
      'the root user',
      { principal: 'arn:aws:iam::111122223333:root', identity: [deny()], boundary: [deny()], scp: [[allow()]] },
      2,
      [
        'scp r-root: allowed: SCP 1, statement 1 allows it',
        noResourcePolicy,
        'identity: notApplicable: the root user needs no identity policy',
        'boundary: notApplicable: it limits users and roles only',
      ],
    ],
    [
      'a service',
      {
        principal: 'lambda.amazonaws.com',
        identity: [allow()],
        scp: [[]],
        boundary: [deny()],
        session: [deny()],
        resourcePolicy: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'ecr:*', Sid: 'L' },
        ],
      },
      1,
      [
        'scp r-root: notApplicable: SCPs bind the users and roles of member accounts only',
        'resource: allowed: resource policy, statement 1 (Sid "L") allows it',
        'identity: notApplicable: a service has no identity policies',
        'boundary: notApplicable: it limits users and roles only',
        'session: notApplicable: it limits users and roles only',
      ],
    ],
    [
      'an anonymous caller',
      {
        principal: 'anonymous',
        boundary: [deny()],
        resourcePolicy: [{ Effect: 'Allow', ...everyone, Action: 'ecr:*' }],
      },
      0,
      [
        'resource: allowed: resource policy, statement 1 allows it',
        'identity: notApplicable: an anonymous caller has no identity policies',
        'boundary: notApplicable: it limits users and roles only',
      ],
    ],
    [
      'the management account',
      { management: '111122223333', identity: [allow()], scp: [[]], rcp: [[deny(everyone)]] },
      3,
      [
        'rcp r-root: notApplicable: RCPs do not bind resources of the management account',
        'scp r-root: notApplicable: SCPs do not bind the management account',
        noResourcePolicy,
        byFirst,
      ],
    ],
    [
      'a service-linked role',
      {
        principal: 'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
        identity: [allow()],
        scp: [[]],
        rcp: [[deny(everyone)]],
      },
      3,
      [
        'rcp r-root: notApplicable: RCPs do not bind service-linked roles',
        'scp r-root: notApplicable: SCPs do not bind service-linked roles',
        noResourcePolicy,
        byFirst,
      ],
    ],
    [
      'an action that resource control policies spare',
      {
        action: 'kms:RetireGrant',
        resource: 'arn:aws:kms:eu-west-1:111122223333:alias/k',
        identity: [allow({ Action: 'kms:*' })],
        rcp: [[deny({ ...everyone, Action: '*' })]],
      },
      2,
      ['rcp r-root: notApplicable: RCPs do not bind kms:RetireGrant', noResourcePolicy, byFirst],
    ],
  ]
  it.each(exempt)('says which layers have no say for %s', (_name, given, by, layers) => {
    expect(proofOf(given)).toEqual({ decision: 'allowed', by, layers })
  })
  const open: readonly (readonly [string, Given, number, string])[] = [
    [
      'a policy that cannot be read',
      { identity: ['no permission'] },
      1,
      'identity: unknown: it depends on identity policy 1: no permission',
    ],
    [
      'a key',
      { identity: [allow({ Sid: 'C', Condition: { StringEquals: { 'aws:x': 'y' } } })] },
      1,
      'identity: unknown: identity policy, statement 1 (Sid "C") depends on the condition key aws:x',
    ],
    [
      'an operator',
      { identity: [allow({ Condition: { StringFoo: { 'aws:x': 'y' } } })] },
      1,
      'identity: unknown: identity policy, statement 1 depends on the condition operator StringFoo',
    ],
    [
      'a key policy that was not supplied',
      {
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:eu-west-1:111122223333:key/k',
        identity: [allow({ Action: 'kms:*' })],
      },
      0,
      'resource: unknown: it depends on key policy: it was not supplied',
    ],
    [
      'a trust policy that was not supplied',
      {
        action: 'sts:AssumeRole',
        resource: 'arn:aws:iam::111122223333:role/r',
        identity: [allow({ Action: 'sts:*' })],
      },
      0,
      'resource: unknown: it depends on role trust policy: it was not supplied',
    ],
    [
      'whether guardrails bind a service',
      {
        action: 'foo:Bar',
        resource: 'arn:aws:foo:eu-west-1:111122223333:x/y',
        identity: [allow({ Action: 'foo:*' })],
        rcp: [[deny({ ...everyone, Action: '*' })]],
      },
      0,
      'rcp r-root: unknown: RCP 1, statement 1 depends on whether RCPs bind the service foo',
    ],
    [
      'the path of a role',
      {
        principal: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/s',
        identity: [allow()],
        scp: [[all, deny()]],
      },
      0,
      'scp r-root: unknown: SCP 1, statement 2 depends on path of the role AWSServiceRoleForECS: guardrails do not bind service-linked roles',
    ],
    [
      'a Deny under an unknown key',
      { identity: [allow(), deny({ Condition: { StringEquals: { 'aws:x': 'y' } } })] },
      1,
      'identity: unknown: identity policy, statement 2 depends on the condition key aws:x',
    ],
  ]
  it.each(open)('says that it depends on %s', (_name, given, by, told) => {
    const found = proofOf(given)
    expect([found.decision, found.by, found.layers[by]]).toEqual(['unknown', by, told])
  })
})

describe('the statements of an explanation', () => {
  const explained = (given: Given) =>
    explainAccess(caseOf(given)).layers.map(({ layer, orgIdentifier, statements, unread }) => ({
      where: orgIdentifier === undefined ? layer : `${layer} ${orgIdentifier}`,
      statements: statements.map(
        ({ policy, position, sid, effect, outcome, on }) =>
          `${policy} ${position} ${sid ?? '-'} ${effect} ${outcome}${on === undefined ? '' : `: ${on}`}`,
      ),
      unread,
    }))
  it('are listed with what became of each', () => {
    const given: Given = {
      identity: [
        allow({ Action: 's3:*', Sid: 'Other' }),
        allow({ Resource: 'arn:aws:ecr:*:*:repository/other' }),
        allow({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }),
        allow({
          Condition: {
            StringEquals: { 'aws:PrincipalAccount': '111122223333' },
            Bool: { 'aws:SecureTransport': 'true' },
          },
        }),
        allow(),
        allow({ Action: 's3:*' }),
      ],
      context: { 'aws:SecureTransport': 'false' },
      resourcePolicy: [{ Effect: 'Deny', Principal: { AWS: '999988887777' }, Action: 'ecr:*' }],
      scp: [[all], [allow({ Action: 'ecr:*' }), deny({ Action: 's3:*' })]],
    }
    expect(explained(given)).toEqual([
      { where: 'scp r-root', statements: ['SCP 1 1 - Allow matches'], unread: [] },
      { where: 'scp ou-1', statements: ['SCP 2 1 - Allow matches', 'SCP 2 2 - Deny action'], unread: [] },
      { where: 'resource', statements: ['resource policy 1 - Deny principal'], unread: [] },
      {
        where: 'identity',
        statements: [
          'identity policy 1 Other Allow action',
          'identity policy 2 - Allow resource',
          'identity policy 3 - Allow unknown: StringEquals aws:PrincipalTag/team',
          'identity policy 4 - Allow condition: Bool aws:SecureTransport',
          'identity policy 5 - Allow matches',
          'identity policy 6 - Allow action',
        ],
        unread: [],
      },
    ])
    expect(explainAccess(caseOf(given)).decision).toEqual(decided(given))
  })
  it('leave out layers without a say and name documents that cannot be read', () => {
    expect(explained({ identity: ['no permission'], scp: [[all]], management: '111122223333' })).toEqual([
      { where: 'identity', statements: [], unread: [{ policy: 'identity policy 1', reason: 'no permission' }] },
    ])
  })
  it('of a boundary and of a session are listed too', () => {
    const given: Given = {
      principal: 'arn:aws:sts::111122223333:assumed-role/r/s',
      identity: [allow()],
      boundary: [all],
      session: [deny()],
      endpoint: [{ ...all, ...everyone }],
    }
    expect(explained(given).map(({ where, statements }) => [where, statements])).toEqual([
      ['identity', ['identity policy 1 - Allow matches']],
      ['boundary', ['boundary 1 - Allow matches']],
      ['session', ['session policy 1 - Deny matches']],
      ['endpoint', ['endpoint policy 1 - Allow matches']],
    ])
  })
})
