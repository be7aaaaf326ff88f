import { describe, expect, it } from 'vitest'
import { present } from '../../../shared/iam/conditions/context.ts'
import { assumedContext, withCompleteContext } from '../../../shared/iam/evaluate/derived-context.ts'
import { policyDocumentOf, statedDocument } from '../../../shared/iam/evaluate/document.ts'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { isForeignObject, overrideOf } from '../../../shared/iam/evaluate/service-overrides.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { allow, caseOf, decided, documentOf, type Given, role, session } from './access-case.ts'

const when = (key: string): JsonObject => ({ Condition: { StringEquals: { [key]: 'y' } } })
const contextKey = (key: string, policy: string, position: number) => ({ kind: 'contextKey', key, policy, position })
const variable = (key: string): string => `\${${key}}`

describe('what is missing', () => {
  it('is listed by kind and name, once', () => {
    const open = [when('b'), when('B'), when('a'), { Condition: { StringFoo: { a: 'y' }, StringBar: { a: 'y' } } }]
    const identity = [open.map(allow), 'no permission']
    const { decision, missing } = decided({
      identity,
      rcp: [[{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }]],
      action: 'foo:Bar',
      resource: 'arn:aws:foo:eu-west-1:111122223333:x/y',
    })
    expect([decision, missing]).toEqual([
      'unknown',
      [
        { kind: 'document', policy: 'identity policy 2', reason: 'no permission' },
        { kind: 'fact', fact: 'whether RCPs bind the service foo' },
      ],
    ])
    expect(decided({ identity }).missing).toEqual([
      contextKey('a', 'identity policy 1', 3),
      contextKey('b', 'identity policy 1', 1),
      contextKey('B', 'identity policy 1', 2),
      { kind: 'document', policy: 'identity policy 2', reason: 'no permission' },
      { kind: 'operator', operator: 'StringBar', policy: 'identity policy 1', position: 4 },
      { kind: 'operator', operator: 'StringFoo', policy: 'identity policy 1', position: 4 },
    ])
  })
  it('is nothing when another statement allows, whichever comes first', () => {
    expect(decided({ identity: [allow(), allow(when('a'))] }).decision).toBe('allowed')
    expect(decided({ identity: [allow(when('a')), allow()] }).decision).toBe('allowed')
  })
  it('is nothing when another layer is silent', () => {
    const elsewhere = [allow({ Action: 's3:*' })]
    expect(decided({ identity: [allow(when('a'))], boundary: elsewhere }).decision).toBe('implicitlyDenied')
    expect(decided({ identity: [], boundary: [allow(when('a'))] }).decision).toBe('implicitlyDenied')
  })
  it('are the keys of variables in a resource', () => {
    const resource = `arn:aws:ecr:*:*:repository/${variable(' aws:PrincipalTag/Team ')}${variable('*')}${variable('?')}${variable('$')}${variable("aws:x, 'd'")}`
    const { missing, decidedBy } = decided({ identity: [allow({ Resource: [resource, 'arn:aws:s3:::b'] })] })
    expect(missing).toEqual([
      contextKey('aws:PrincipalTag/Team', 'identity policy', 1),
      contextKey('aws:x', 'identity policy', 1),
    ])
    expect(decidedBy.statement?.on).toBe('Resource aws:PrincipalTag/Team')
  })
  it('is the meaning of NotResource whose variable has no value', () => {
    const resource = `arn:aws:ecr:*:*:repository/${variable('aws:PrincipalTag/team')}`
    const { missing } = decided({
      identity: [{ Effect: 'Allow', Action: 'ecr:*', NotResource: resource }],
      context: { 'aws:PrincipalTag/team': null },
    })
    expect(missing).toEqual([{ kind: 'fact', fact: `meaning of NotResource ${resource} whose variable has no value` }])
  })
  it.each([
    [
      'identity',
      { identity: [allow({ Principal: '*' })] },
      'identity policy',
      'names a principal',
      'Principal in identity',
    ],
    [
      'resource',
      { resourcePolicy: [allow()], principal: 'lambda.amazonaws.com' },
      'resource policy',
      'names no principal',
      'Principal',
    ],
    [
      'endpoint',
      { identity: [allow()], endpoint: [allow()] },
      'endpoint policy',
      'names no principal',
      'Principal in endpoint',
    ],
  ] as const)('is what AWS refuses in a %s policy', (_layer, given, policy, what, on) => {
    const { missing, decidedBy } = decided(given as Given)
    expect(missing).toEqual([
      { kind: 'document', policy, reason: `statement 1 ${what}, which AWS refuses in this kind of policy` },
    ])
    expect(decidedBy.statement).toMatchObject({ outcome: 'unknown', on })
  })
  it('is a Resource where AWS demands one', () => {
    const { missing, decidedBy } = decided({ identity: [{ Effect: 'Allow', Action: 'ecr:*' }] })
    expect(missing).toEqual([
      {
        kind: 'document',
        policy: 'identity policy',
        reason: 'statement 1 has no Resource, which AWS refuses in this kind of policy',
      },
    ])
    expect(decidedBy.statement?.on).toBe('Resource')
  })
  it('is how AWS reads a star for a federated session, and the layer says so', () => {
    const { decision, decidedBy, layers } = decided({
      principal: 'arn:aws:sts::111122223333:federated-user/bob',
      session: [allow({ Action: 's3:*' })],
      resourcePolicy: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }],
    })
    const fact = 'whether "Principal": "*" grants to a federated user session beyond its session policy'
    expect([decision, decidedBy.layer, decidedBy.reason]).toEqual([
      'unknown',
      'resource',
      `resource policy, statement 1 depends on ${fact}`,
    ])
    expect(layers.map(({ layer, result }) => [layer, result])).toEqual([
      ['resource', 'unknown'],
      ['identity', 'implicitlyDenied'],
      ['session', 'implicitlyDenied'],
    ])
  })
})

describe('who is silent', () => {
  const elsewhere = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }
  it.each([
    ['arn:aws:iam::111122223333:user/bob', { boundary: [allow({ Action: 's3:*' })] }],
    [session, { session: [allow({ Action: 's3:*' })] }],
  ])('is the endpoint where a resource policy names %s beyond its limits', (principal, limit) => {
    const named = [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'ecr:*' }]
    const given = { principal, resourcePolicy: named, ...limit }
    expect(decided(given).decision).toBe('allowed')
    expect(decided({ ...given, endpoint: [elsewhere] }).decidedBy.layer).toBe('endpoint')
  })
  it('is the second of two boundaries too', () => {
    const one = caseOf({ identity: [allow()] })
    const boundaries = (...actions: readonly string[]) =>
      evaluateAccess({
        ...one,
        permissionsBoundaries: actions.map((action, index) =>
          documentOf(`boundary ${index}`, [allow({ Action: action })]),
        ),
      }).decision
    expect([boundaries('*', 'ecr:*'), boundaries('*', 's3:*'), boundaries('s3:*', '*')]).toEqual([
      'allowed',
      'implicitlyDenied',
      'implicitlyDenied',
    ])
    const denying = documentOf('boundary', [allow({ Action: '*' }), { Effect: 'Deny', Action: 'ecr:*', Resource: '*' }])
    const open = documentOf('boundary', [allow({ Action: '*' })])
    expect(evaluateAccess({ ...one, permissionsBoundaries: [open, denying] }).decision).toBe('explicitlyDenied')
    expect(evaluateAccess({ ...one, permissionsBoundaries: [] }).decision).toBe('allowed')
  })
})

describe('services with rules of their own', () => {
  it.each([
    ['kms:decrypt', 'arn:aws:kms:eu-west-1:1:key/k', 'key policy'],
    ['kms:decrypt', 'arn:aws:kms:eu-west-1:1:alias/k', undefined],
    ['sts:assumerole', 'arn:aws:iam::1:role/r', 'role trust policy'],
    ['sts:assumerolewithsaml', 'arn:aws:iam::1:role/r', 'role trust policy'],
    ['sts:tagsession', 'arn:aws:iam::1:role/r', 'role trust policy'],
    ['sts:tagsessions', 'arn:aws:iam::1:role/r', undefined],
    ['sts:getcalleridentity', 'arn:aws:iam::1:role/r', undefined],
    ['sts:assumerole', 'arn:aws:iam::1:user/r', undefined],
    ['ecr:batchgetimage', 'arn:aws:ecr:eu-west-1:1:repository/key/k', undefined],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(overrideOf(action, resource)?.resourcePolicy).toBe(expected)
  })
  it.each([
    ['arn:aws:s3:::bucket/key', '111122223333', '999988887777', true],
    ['arn:aws:s3:::bucket/key', '111122223333', '111122223333', false],
    ['arn:aws:s3:::bucket', '111122223333', '999988887777', false],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/app', '111122223333', '999988887777', false],
  ])('%s of %s in a bucket of %s is foreign: %s', (arn, accountId, bucketAccountId, expected) => {
    expect(isForeignObject({ arn, accountId, bucketAccountId })).toBe(expected)
  })
  it('without a resource are asked for in the account of the caller', () => {
    const token = { action: 'ecr:GetAuthorizationToken', identity: [allow({ Action: 'ecr:*' })] }
    expect(decided({ ...token, resource: '*', owner: '999988887777' }).decision).toBe('allowed')
  })
  it('of a registry obey its policy', () => {
    const policy = [{ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Resource: '*' }]
    const given = (action: string, more: Given): Given => ({
      action,
      resource: '*',
      identity: [allow({ Action: 'ecr:*' })],
      ...more,
    })
    const registry = { scope: 'V2', policy } as const
    expect(decided(given('ecr:PutRegistryScanningConfiguration', { registry })).decision).toBe('explicitlyDenied')
    expect(decided(given('ecr:GetAuthorizationToken', { registry })).decision).toBe('unknown')
    expect(decided(given('ecr:PutRegistryScanningConfiguration', { resourcePolicy: policy })).decision).toBe('allowed')
  })
})

describe('documents', () => {
  it('are unknown with the reason, absent without statements, or read', () => {
    const source = { json: { Version: '2012-10-17', Statement: [] }, text: '{}', duplicateKeys: [] }
    expect(policyDocumentOf('p', { state: 'unknown', reason: 'no permission' } as never)).toEqual({
      state: 'unknown',
      name: 'p',
      reason: 'no permission',
    })
    expect(policyDocumentOf('p', { state: 'absent' } as never)).toEqual({
      state: 'known',
      name: 'p',
      policy: { version: '2012-10-17', id: undefined, statements: [] },
    })
    expect(policyDocumentOf('p', { state: 'known', value: { ...source, json: 7, text: '7' } } as never)).toEqual({
      state: 'unknown',
      name: 'p',
      reason: 'the policy is not a JSON object',
    })
  })
  it('may be stated', () => {
    expect(statedDocument('p', { Version: '2012-10-17', Id: 'stated', Statement: [] })).toEqual({
      state: 'known',
      name: 'p',
      policy: { version: '2012-10-17', id: 'stated', statements: [] },
    })
  })
})

describe('a complete context', () => {
  const asked = (given: Given, key: string) => withCompleteContext(caseOf(given)).request.context.get(key)
  const conditional = [allow(when('aws:Asked'))]
  it.each([
    ['identity policies', { identity: conditional }],
    ['resource policies', { resourcePolicy: conditional }],
    ['boundaries', { boundary: conditional }],
    ['session policies', { session: conditional }],
    ['service control policies', { scp: [conditional] }],
    ['resource control policies', { rcp: [conditional] }],
    ['endpoint policies', { endpoint: conditional }],
    ['variables of resources', { identity: [allow({ Resource: variable('aws:Asked') })] }],
    ['variables of conditions', { identity: [allow({ Condition: { StringEquals: { a: variable('aws:Asked') } } })] }],
  ] as const)('holds as absent what %s ask for', (_name, given) => {
    expect(asked(given as Given, 'aws:asked')).toEqual({ state: 'absent' })
    expect(asked(given as Given, 'aws:other')).toBeUndefined()
  })
  it('keeps what is stated and passes over what cannot be read or has no resource', () => {
    const given: Given = {
      identity: [[{ Effect: 'Allow', Action: 'ecr:*', ...when('aws:Asked') }], 'no permission'],
      context: { 'aws:Asked': 'here' },
    }
    expect(asked(given, 'aws:asked')).toEqual(present('here'))
  })
  it('takes a session for one of a role without a path', () => {
    const resource = { arn: 'arn:aws:ecr:eu-west-1:111122223333:repository/app', accountId: '111122223333' }
    const of = (text: string, roleArn?: string) => {
      const principal = {
        kind: 'session',
        arn: text,
        accountId: '111122223333',
        ...(roleArn === undefined ? {} : { roleArn }),
      } as const
      return assumedContext(principal, resource).get('aws:principalarn')
    }
    expect(of(session)).toEqual(present(role))
    expect(of(session, 'arn:aws:iam::111122223333:role/path/puller')).toEqual(
      present('arn:aws:iam::111122223333:role/path/puller'),
    )
    expect(of('arn:aws-cn:sts::111122223333:assumed-role/r/s')).toEqual(present('arn:aws-cn:iam::111122223333:role/r'))
    expect(of('arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_x/s')).toEqual({ state: 'unknown' })
    const user = { kind: 'user', arn: 'arn:aws:iam::111122223333:user/bob', accountId: '111122223333' } as const
    expect(assumedContext(user, resource).get('aws:principalarn')).toEqual(present(user.arn))
  })
})
