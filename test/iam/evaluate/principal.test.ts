import { describe, expect, it } from 'vitest'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { explainAccess } from '../../../shared/iam/evaluate/explain.ts'
import { parsePrincipal } from '../../../shared/iam/evaluate/principal.ts'
import { accessCaseOf } from './access-case.ts'

describe('parsePrincipal', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/a', 'role'],
    ['arn:aws-cn:iam::111122223333:role/team/x/a', 'role'],
    ['arn:aws-us-gov:iam::111122223333:user/a@b', 'user'],
    ['arn:aws-iso-b:iam::111122223333:root', 'root'],
    ['111122223333', 'root'],
    ['arn:aws:sts::111122223333:assumed-role/a/s', 'session'],
    ['arn:aws:sts::111122223333:federated-user/a', 'federatedUser'],
    ['ecs-tasks.amazonaws.com', 'service'],
    ['ec2.amazonaws.com.cn', 'service'],
    ['', undefined],
    ['11112222333', undefined],
    ['arn:aws:iam::111122223333:role/', undefined],
    ['arn:aws:iam::111122223333:role/*', undefined],
    ['arn:aws:iam::111122223333:group/a', undefined],
    ['arn:aws:iam:eu-west-1:111122223333:role/a', undefined],
    ['arn:aws:sts::111122223333:assumed-role/a', undefined],
    ['amazonaws.com', undefined],
    ['lambda.amazonaws.com.example', undefined],
  ])('%s is %s', (text, kind) => {
    expect(parsePrincipal(text)?.kind).toBe(kind)
  })
})

describe('explainAccess', () => {
  it('says of every statement what became of it', () => {
    const allow = { Effect: 'Allow', Action: 'ecr:*', Resource: '*' }
    const one = accessCaseOf({
      name: '',
      expect: 'unknown',
      context: { 'k:a': '1' },
      identity: [
        allow,
        { ...allow, Action: 's3:*' },
        { ...allow, Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web' },
        { ...allow, Condition: { StringEquals: { 'k:a': '2' } } },
        { ...allow, Condition: { StringEquals: { 'k:b': '2' } } },
      ],
      resourcePolicy: [{ Effect: 'Deny', Principal: { AWS: '222233334444' }, Action: 'ecr:*' }],
    })
    const outcomes = explainAccess(one).layers.map(({ layer, statements }) => [
      layer,
      statements.map(({ outcome, on }) => (on === undefined ? outcome : `${outcome} ${on}`)),
    ])
    expect(outcomes).toEqual([
      ['resource', ['principal']],
      ['identity', ['matches', 'action', 'resource', 'condition StringEquals k:a', 'unknown StringEquals k:b']],
    ])
  })

  it('decides as evaluateAccess does, and lists documents that cannot be read', () => {
    const one = accessCaseOf({
      name: '',
      expect: 'unknown',
      identity: [[{ Effect: 'Allow', Action: 's3:*', Resource: '*' }], 'it is no JSON'],
      scp: [[{ Effect: 'Allow', Action: '*', Resource: '*' }], 'nobody may read it'],
    })
    const { decision, layers } = explainAccess(one)
    expect(decision).toEqual(evaluateAccess(one))
    expect(layers.map(({ layer, orgIdentifier, unread }) => [layer, orgIdentifier, unread])).toEqual([
      ['scp', 'r-root', []],
      ['scp', 'ou-1', [{ policy: 'SCP 2', reason: 'nobody may read it' }]],
      ['identity', undefined, [{ policy: 'identity policy 2', reason: 'it is no JSON' }]],
    ])
  })

  it('lists nothing of a layer without a say', () => {
    const everything = [{ Effect: 'Deny', Action: '*', Resource: '*' }]
    const one = accessCaseOf({ name: '', expect: 'unknown', scp: [everything], management: '111122223333' })
    expect(explainAccess(one).layers.map(({ layer }) => layer)).toEqual(['identity'])
  })

  it('says why a federated user session without a session policy is allowed nothing', () => {
    const principal = 'arn:aws:sts::111122223333:federated-user/ann'
    const one = accessCaseOf({
      name: '',
      expect: 'unknown',
      principal,
      identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    expect(explainAccess(one).decision.decidedBy).toEqual({
      layer: 'session',
      result: 'implicitlyDenied',
      reason: 'a federated user session without a session policy has no permissions',
    })
  })
})
