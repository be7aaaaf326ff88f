import { describe, expect, test } from 'vitest'
import { absentKey, type ContextValue, present, unknownKey } from '../../../shared/iam/conditions/context.ts'
import {
  assumedContext,
  derivedContext,
  lookupOf,
  withCompleteContext,
} from '../../../shared/iam/evaluate/derived-context.ts'
import { parsePrincipal } from '../../../shared/iam/evaluate/principal.ts'
import type { AccessCase, RequestPrincipal } from '../../../shared/iam/evaluate/types.ts'
import { policyOf } from '../policy-of.ts'

const account = '111122223333'
const bucket = { arn: 'arn:aws:s3:::b', accountId: account }

function derived(principal: string | RequestPrincipal): Readonly<Record<string, ContextValue>> {
  const one = typeof principal === 'string' ? parsePrincipal(principal)! : principal
  const { 'aws:resourceaccount': owner, ...rest } = Object.fromEntries(derivedContext(one, bucket))
  expect(owner).toEqual(present(account))
  return rest
}

function signed(arn: string, type: string): Readonly<Record<string, ContextValue>> {
  return {
    'aws:principalarn': present(arn),
    'aws:principalaccount': present(account),
    'aws:principaltype': present(type),
    'aws:principalisawsservice': present('false'),
    'aws:principalservicename': absentKey,
    'aws:principalservicenameslist': absentKey,
    'aws:username': absentKey,
  }
}

describe('keys that follow from the principal', () => {
  test('a role and its session have the ARN of the role, whose path a session does not tell', () => {
    const role = `arn:aws:iam::${account}:role/path/app`
    const session = `arn:aws:sts::${account}:assumed-role/app/s`
    expect(derived(role)).toEqual(signed(role, 'AssumedRole'))
    const { 'aws:principalarn': _, ...withoutArn } = signed('', 'AssumedRole')
    expect(derived(session)).toEqual(withoutArn)
    expect(assumedContext(parsePrincipal(session)!, bucket).get('aws:principalarn')).toEqual(
      present(`arn:aws:iam::${account}:role/app`),
    )
    expect(derived({ kind: 'session', arn: session, accountId: account, roleArn: role })).toEqual(
      signed(role, 'AssumedRole'),
    )
  })

  test('a session of a role that always has a path leaves the ARN of the role open', () => {
    for (const name of ['AWSReservedSSO_Admin_0123456789abcdef', 'AWSServiceRoleForAmazonEKS']) {
      const session = parsePrincipal(`arn:aws:sts::${account}:assumed-role/${name}/s`)!
      expect(assumedContext(session, bucket).get('aws:principalarn')).toEqual(unknownKey)
    }
  })

  test('a user has a name, a root user and a federated user have an id', () => {
    const user = `arn:aws:iam::${account}:user/path/ann`
    expect(derived(user)).toEqual({ ...signed(user, 'User'), 'aws:username': present('ann') })
    const root = `arn:aws:iam::${account}:root`
    expect(derived(root)).toEqual({ ...signed(root, 'Account'), 'aws:userid': present(account) })
    const federated = `arn:aws:sts::${account}:federated-user/ann`
    expect(derived(federated)).toEqual({
      ...signed(federated, 'FederatedUser'),
      'aws:userid': present(`${account}:ann`),
    })
  })

  test('a service has its name, and perhaps others', () => {
    expect(derived('ecs-tasks.amazonaws.com')).toEqual({
      'aws:principalisawsservice': present('true'),
      'aws:principalservicename': present('ecs-tasks.amazonaws.com'),
      'aws:principalservicenameslist': unknownKey,
    })
  })

  test('an anonymous caller is of type Anonymous and account anonymous', () => {
    expect(derived({ kind: 'anonymous' })).toEqual({
      'aws:principalaccount': present('anonymous'),
      'aws:principaltype': present('Anonymous'),
      'aws:userid': present('anonymous'),
      'aws:username': absentKey,
      'aws:principalarn': absentKey,
      'aws:principalorgid': absentKey,
      'aws:principalorgpaths': absentKey,
      'aws:principalisawsservice': absentKey,
      'aws:principalservicename': absentKey,
      'aws:principalservicenameslist': absentKey,
    })
  })
})

test('the region of a regional resource is the region of the request', () => {
  const queue = { arn: `arn:aws:sqs:eu-west-1:${account}:q`, accountId: account }
  expect(derivedContext({ kind: 'anonymous' }, queue).get('aws:requestedregion')).toEqual(present('eu-west-1'))
  expect(derivedContext({ kind: 'anonymous' }, bucket).has('aws:requestedregion')).toBe(false)
})

test('every key that a policy asks for is filled in, stated or absent', () => {
  const json = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: '*',
      Resource: ['arn:aws:s3:::', '{aws:PrincipalTag/Team}'].join('$'),
      Condition: { StringEquals: { 'aws:UserName': ['$', '{s3:Prefix}'].join(''), 'aws:SourceVpce': 'v' } },
    },
  }
  const principal = parsePrincipal(`arn:aws:iam::${account}:user/ann`)!
  const one: AccessCase = {
    request: {
      principal,
      action: 's3:GetObject',
      resource: bucket,
      context: new Map([['aws:sourcevpce', unknownKey]]),
    },
    identityPolicies: [{ state: 'known', name: 'p', policy: policyOf(json) }],
  }
  const { context } = withCompleteContext(one).request
  expect(context.get('aws:principaltag/team')).toEqual(absentKey)
  expect(context.get('s3:prefix')).toEqual(absentKey)
  expect(context.get('aws:username')).toEqual(present('ann'))
  expect(context.get('aws:sourcevpce')).toEqual(unknownKey)
})

/** A context that answers for keys it does not list, as that of a pull does for tags. */
class Answering extends Map<string, ContextValue> {
  override get(key: string): ContextValue | undefined {
    return super.get(key) ?? (key.startsWith('aws:principaltag/') ? present('any') : undefined)
  }
}

describe('a context that answers for more keys than it lists', () => {
  const principal = parsePrincipal(`arn:aws:iam::${account}:user/ann`)!
  const stated = new Answering([['aws:username', present('bob')]])
  const request = { principal, action: 's3:GetObject', resource: bucket, context: stated }

  test('is asked before anything is derived', () => {
    const lookup = lookupOf(request)
    expect(lookup.get('aws:principaltag/team')).toEqual(present('any'))
    expect(lookup.get('aws:username')).toEqual(present('bob'))
    expect(lookup.get('aws:principaltype')).toEqual(present('User'))
    expect(lookup.get('aws:sourcevpce')).toBeUndefined()
  })

  test('is asked before absent keys are filled in', () => {
    const condition = { operator: 'Null', key: 'aws:PrincipalTag/team', values: ['true'] }
    const statement = {
      position: 1,
      sid: undefined,
      effect: 'Allow' as const,
      principal: undefined,
      action: { patterns: ['*'], not: false },
      resource: { patterns: ['*'], not: false },
      conditions: [condition, { ...condition, key: 'aws:SourceVpce' }],
    }
    const policy = { version: '2012-10-17', id: undefined, statements: [statement] }
    const { context } = withCompleteContext({
      request,
      identityPolicies: [{ state: 'known', name: 'p', policy }],
    }).request
    expect(context.get('aws:principaltag/team')).toEqual(present('any'))
    expect(context.get('aws:sourcevpce')).toEqual(absentKey)
    expect(context.get('aws:username')).toEqual(present('bob'))
  })
})
