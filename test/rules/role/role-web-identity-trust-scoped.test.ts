import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/role-web-identity-trust-scoped.ts'
import { policy, role, trustOf } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const issuer = 'oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'
const second = 'oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210'
const providerOf = (name: string, partition = 'aws') => `arn:${partition}:iam::111122223333:oidc-provider/${name}`
const aud = { [`${issuer}:aud`]: 'sts.amazonaws.com' }
const sub = (value: JsonValue) => ({ [`${issuer}:sub`]: value })
const account = 'system:serviceaccount:shop:checkout'

/** An Allow statement for tokens of a cluster. */
const trusting = (Condition: JsonObject | undefined, name = issuer, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: { Federated: providerOf(name) },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(Condition === undefined ? {} : { Condition }),
  ...more,
})
const trusted = (Condition?: JsonObject) => role({ trust: policy(trusting(Condition)) })

ruleCases(rule, {
  'a trust as eksctl writes it names service account and audience': [
    trusted({ StringEquals: { ...aud, ...sub(account) } }),
    'compliant',
    { says: 'bound to service accounts by name', shows: `subjects ${account}` },
  ],
  'a trust as the Terraform module writes it lists service accounts under StringEquals': [
    trusted({ StringEquals: { ...aud, ...sub([account, 'system:serviceaccount:kube-system:aws-node']) } }),
    'compliant',
  ],
  'a pattern operator with exact values is exact': [
    trusted({ StringLike: { ...sub(account) }, StringEquals: aud }),
    'compliant',
  ],
  'a star under StringEquals is a letter no service account has': [
    trusted({ StringEquals: { ...aud, ...sub('system:serviceaccount:shop:*') } }),
    'compliant',
  ],
  'the issuer of a cluster of 2026 with a dual-stack name is a cluster too': [
    role({
      trust: policy(
        trusting(
          { StringEquals: { 'oidc-eks.eu-central-1.api.aws/id/0123456789ABCDEF:aud': 'sts.amazonaws.com' } },
          'oidc-eks.eu-central-1.api.aws/id/0123456789ABCDEF',
        ),
      ),
    }),
    'noncompliant',
    'any subject',
  ],
  'only an audience lets in every pod of the cluster': [
    trusted({ StringEquals: aud }),
    'noncompliant',
    { says: `any subject of ${providerOf(issuer)}`, shows: 'trust policy, statement 1' },
  ],
  'a trust without conditions lets in every pod of the cluster': [
    trusted(),
    'noncompliant',
    'any subject with any audience',
  ],
  'only a subject leaves the audience open': [
    trusted({ StringEquals: sub(account) }),
    'noncompliant',
    { says: `subjects ${account} with any audience of`, shows: `subjects ${account}; any audience` },
  ],
  'every service account of a namespace is a wildcard': [
    trusted({ StringLike: sub('system:serviceaccount:shop:*'), StringEquals: aud }),
    'noncompliant',
    'subjects system:serviceaccount:shop:*',
  ],
  'one name in every namespace is a wildcard': [
    trusted({ StringLike: { ...aud, ...sub('system:serviceaccount:*:checkout') } }),
    'noncompliant',
  ],
  'every service account of the cluster is any subject': [
    trusted({ StringLike: { ...aud, ...sub('system:serviceaccount:*:*') } }),
    'noncompliant',
    'any subject',
  ],
  'a question mark is a wildcard': [
    trusted({ StringLike: sub('system:serviceaccount:shop:checkout-?'), StringEquals: aud }),
    'noncompliant',
  ],
  'a wildcard among names under ForAnyValue is a wildcard': [
    trusted({ 'ForAnyValue:StringLike': sub([account, 'system:serviceaccount:shop:*']), StringEquals: aud }),
    'noncompliant',
    'system:serviceaccount:shop:*',
  ],
  'a condition on absence does not narrow what is always present': [
    trusted({ StringLikeIfExists: sub('system:serviceaccount:shop:*'), StringEquals: aud }),
    'noncompliant',
  ],
  'a condition that excludes one service account admits the others': [
    trusted({ StringNotEquals: sub(account), StringEquals: aud }),
    'noncompliant',
    'any subject',
  ],
  'conditions on the claims of another cluster exclude everybody': [
    role({
      trust: policy(trusting({ StringEquals: { [`${second}:aud`]: 'sts.amazonaws.com', [`${second}:sub`]: account } })),
    }),
    'compliant',
    { shows: 'no subject' },
  ],
  'two clusters in one trust policy are both judged': [
    role({
      trust: policy(
        trusting({ StringEquals: { ...aud, ...sub(account) } }),
        trusting({ StringEquals: { [`${second}:aud`]: 'sts.amazonaws.com' } }, second),
      ),
    }),
    'noncompliant',
    { says: `It trusts any subject of ${providerOf(second)}.`, shows: 'trust policy, statement 2' },
  ],
  'two clusters that are both bound are as they should be': [
    role({
      trust: policy(
        trusting({ StringEquals: { ...aud, ...sub(account) } }),
        trusting({ StringEquals: { [`${second}:aud`]: 'sts.amazonaws.com', [`${second}:sub`]: account } }, second),
      ),
    }),
    'compliant',
  ],
  'instances beside a cluster do not hide its open trust': [
    role({
      trust: policy(
        { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        trusting({ StringEquals: aud }),
      ),
    }),
    'noncompliant',
    { shows: 'trust policy, statement 2' },
  ],
  'a cluster in China is a cluster': [
    role({
      trust: policy({
        ...trusting(undefined),
        Principal: {
          Federated: providerOf('oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF', 'aws-cn'),
        },
      }),
    }),
    'noncompliant',
    'any subject',
  ],
  'a Deny of everybody but one service account binds an open trust': [
    role({
      trust: policy(trusting({ StringEquals: aud }), {
        ...{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' },
        Condition: { StringNotEquals: sub(account) },
      }),
    }),
    'compliant',
    { shows: `subjects ${account}` },
  ],
  'an operator nobody knows leaves the subject open': [
    trusted({ StringAlmost: sub(account), StringEquals: aud }),
    'undetermined',
    'condition operator StringAlmost',
  ],
  'GitHub is not a cluster': [
    role({
      trust: policy({
        ...trusting(undefined),
        Principal: { Federated: providerOf('token.actions.githubusercontent.com') },
      }),
    }),
    'notApplicable',
    'trusts no EKS cluster',
  ],
  'a role for pod identity trusts a service and no cluster': [
    role({ trust: trustOf('pods.eks.amazonaws.com', { Action: ['sts:AssumeRole', 'sts:TagSession'] }) }),
    'notApplicable',
  ],
  'a cluster that may only assume without a token cannot assume': [
    role({ trust: policy(trusting(undefined, issuer, { Action: 'sts:AssumeRole' })) }),
    'notApplicable',
  ],
  'a trust policy that is no policy is named': [role({ trust: '{"Version": ' }), 'undetermined', 'trust policy'],
  'a role without a trust policy is not judged by guessing': [
    role({ configuration: { assumeRolePolicyDocument: null } }),
    'undetermined',
    'trust policy',
  ],
  'an empty trust policy is not judged by guessing': [role({ trust: {} }), 'undetermined', 'trust policy'],
  'a trust policy with an unknown effect is named': [
    role({ trust: policy(trusting(undefined, issuer, { Effect: 'Perhaps' })) }),
    'undetermined',
    'trust policy: ',
  ],
})
