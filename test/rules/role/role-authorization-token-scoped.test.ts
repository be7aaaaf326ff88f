import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/role-authorization-token-scoped.ts'
import {
  allowPull,
  customerPolicy,
  notListed,
  organization,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const token = 'ecr:GetAuthorizationToken'
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`
/** An Allow statement without principal. */
const allow = (Action: JsonValue, Resource: JsonValue, more: JsonObject = {}): JsonObject => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...more,
})
const deny = (Action: JsonValue, Resource: JsonValue = '*'): JsonObject => ({ Effect: 'Deny', Action, Resource })
const roleWith = (...statements: readonly JsonObject[]) => role({ inline: { pull: policy(...statements) } })
/** Another policy or a boundary changes nothing where a statement allows the token on all resources. */
const allowedAnyway = { provenWithout: ['attachedPolicies', 'permissionsBoundary'] }
/** A statement that never matches does not start to because of a boundary. */
const neverAnyway = { provenWithout: ['permissionsBoundary'] }
const pullOnApp = allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], app)

ruleCases(rule, {
  'the token on all resources beside pulls on one repository is the recommended policy': [
    roleWith(allow(token, '*'), pullOnApp),
    'compliant',
    { says: 'on all resources', shows: 'Allows ecr:GetAuthorizationToken on *', ...allowedAnyway },
  ],
  'a list that holds only the star is the star': [roleWith(allow([token], ['*'])), 'compliant', allowedAnyway],
  'a star among repositories still covers the token': [
    roleWith(allow([token, 'ecr:*'], [app, '*'])),
    'compliant',
    allowedAnyway,
  ],
  'the token in one statement with the pull actions on a repository never works': [
    roleWith(allow([token, 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], app)),
    'noncompliant',
    {
      says: `only on ${app}, where it never matches`,
      shows: 'inline policy pull of role app, statement 1',
      ...neverAnyway,
    },
  ],
  'a pattern over every repository of every account is not the star': [
    roleWith(allow(token, 'arn:aws:ecr:*:*:repository/*')),
    'noncompliant',
    { says: 'arn:aws:ecr:*:*:repository/*', ...neverAnyway },
  ],
  'the action is known in any spelling of case': [
    roleWith(allow('ECR:getauthorizationtoken', app)),
    'noncompliant',
    neverAnyway,
  ],
  'the Sid of the statement that never matches is evidence': [
    roleWith(allow(token, app, { Sid: 'Login' })),
    'noncompliant',
    { shows: 'statement 1 (Sid "Login"): Allows ecr:GetAuthorizationToken', ...neverAnyway },
  ],
  'every action of ECR on a repository pulls and lacks the token': [
    roleWith(allow('ecr:*', app)),
    'noncompliant',
    { says: app, shows: 'Allows ecr:* on' },
  ],
  'every action of ECR on a repository with a token statement of its own is right': [
    roleWith(allow('ecr:*', app), allow(token, '*')),
    'compliant',
    allowedAnyway,
  ],
  'reading patterns on repositories are not meant for a login': [
    roleWith(allow(['ecr:Get*', 'ecr:List*', 'ecr:Describe*'], app)),
    'notApplicable',
    'neither pull nor push',
  ],
  'a pattern whose pulls and pushes a Deny takes away needs no token': [
    roleWith(allow('ecr:*', app), deny(['ecr:BatchGetImage', 'ecr:PutImage'])),
    'notApplicable',
    'neither pull nor push',
  ],
  'a push that is left needs the token too': [roleWith(allow('ecr:*', app), deny('ecr:BatchGetImage')), 'noncompliant'],
  'a pull that a repository policy gives by name needs the token too': [
    [roleWith(allow('ecr:Get*', app)), repository({ policy: policy(allowPull({ AWS: roleArn('app') })) })],
    'noncompliant',
  ],
  'pulls under a condition of the request need the token': [
    roleWith(allow('ecr:*', app, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
    'noncompliant',
  ],
  'every action of AWS on ECR repositories is meant for registries': [roleWith(allow('*', app)), 'noncompliant', app],
  'every action of AWS on a bucket says nothing of registries': [
    roleWith(allow('*', 'arn:aws:s3:::logs/*'), pullOnApp),
    'notApplicable',
    'No statement is meant',
  ],
  'every action but those of IAM on a bucket says nothing of registries': [
    roleWith({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::logs/*' }),
    'notApplicable',
  ],
  'all but some repositories holds the resource of the token': [
    roleWith({ Effect: 'Allow', Action: 'ecr:*', NotResource: `${app}-secret` }),
    'compliant',
    allowedAnyway,
  ],
  'all but everything holds no resource': [
    roleWith({ Effect: 'Allow', Action: token, NotResource: '*' }),
    'noncompliant',
    { says: 'all but *', ...neverAnyway },
  ],
  'every action on everything includes the token': [roleWith(allow('*', '*')), 'compliant', allowedAnyway],
  'all actions but those of IAM include the token': [
    roleWith({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    'compliant',
    allowedAnyway,
  ],
  'all actions but the token do not speak of it': [
    roleWith({ Effect: 'Allow', NotAction: token, Resource: app }),
    'notApplicable',
  ],
  'pulls without any word of the token may be half of a role': [roleWith(pullOnApp), 'notApplicable'],
  'a Deny of the token is not a statement that allows it': [roleWith(deny(token, app)), 'notApplicable'],
  'a policy of the customer may hold the right statement': [
    [
      role({ inline: { pull: policy(allow(token, app)) }, attached: [policyArn('login')] }),
      customerPolicy('login', policy(allow(token, '*'))),
    ],
    'compliant',
    { shows: 'managed policy login, statement 1', provenWithout: ['inlinePolicies', 'permissionsBoundary'] },
  ],
  'a policy of the customer may hold the wrong statement': [
    [role({ attached: [policyArn('login')] }), customerPolicy('login', policy(allow(token, app)))],
    'noncompliant',
    { shows: 'managed policy login, statement 1', ...neverAnyway },
  ],
  'a policy of AWS allows the token on all resources': [
    role({
      inline: { pull: policy(allow([token, 'ecr:BatchGetImage'], app)) },
      attached: [managed('AmazonEC2ContainerRegistryPullOnly')],
    }),
    'compliant',
    {
      shows: 'AmazonEC2ContainerRegistryPullOnly: version v1 as captured on',
      provenWithout: ['inlinePolicies', 'inventory.managedPolicy', 'permissionsBoundary'],
    },
  ],
  'a policy of AWS without registry actions changes nothing': [
    role({ inline: { pull: policy(allow(token, app)) }, attached: [managed('AmazonSSMManagedInstanceCore')] }),
    'noncompliant',
    { provenWithout: ['inventory.managedPolicy', 'permissionsBoundary'] },
  ],
  'a policy of AWS that nobody has read may allow the token': [
    role({ inline: { pull: policy(allow(token, app)) }, attached: [managed('BrandNewPolicy')] }),
    'undetermined',
    'BrandNewPolicy',
  ],
  'a policy of AWS that nobody has read may speak of the token on repositories': [
    role({ inline: { logs: policy(allow('*', 'arn:aws:s3:::logs/*')) }, attached: [managed('BrandNewPolicy')] }),
    'undetermined',
    'BrandNewPolicy',
  ],
  'a policy of the customer that could not be listed leaves the answer open': [
    [role({ attached: [policyArn('login')] }), notListed('AWS::IAM::Policy')],
    'undetermined',
    'policy/login',
  ],
  'a document that is no policy is named': [
    role({ inline: { broken: 'not a policy' } }),
    'undetermined',
    'inline policy broken of role app',
  ],
  'a pattern under a boundary nobody has read may need no token': [
    [
      role({ inline: { all: policy(allow('ecr:*', app)) }, boundary: policyArn('edge') }),
      notListed('AWS::IAM::Policy'),
    ],
    'undetermined',
    'policy/edge',
  ],
  'a boundary without pulls and pushes makes the pattern harmless': [
    [
      role({ inline: { all: policy(allow('ecr:*', app)) }, boundary: policyArn('edge') }),
      customerPolicy('edge', policy(allow('ecr:Describe*', '*'))),
    ],
    'notApplicable',
  ],
  'a guardrail that denies registries makes the pattern harmless': [
    [
      roleWith(allow('ecr:*', app)),
      ...organization({
        policies: [{ name: 'none', content: policy(allow('*', '*'), deny('ecr:*')), targets: ['r-1', '111122223333'] }],
      }),
    ],
    'notApplicable',
  ],
  'guardrails that could not be listed are an assumption': [
    [roleWith(allow('ecr:*', app)), notListed('AWS::Organizations::Policy')],
    'noncompliant',
    { assumes: 'assumes that no service control policy' },
  ],
  'a role that is linked to a service is not judged': [
    role({ path: '/aws-service-role/ecs.amazonaws.com/', inline: { pull: policy(allow(token, app)) } }),
    'notApplicable',
    'service-linked',
  ],
  'a role of a path that only resembles one linked to a service is judged': [
    role({ path: '/my/aws-service-role/', inline: { pull: policy(allow(token, app)) } }),
    'noncompliant',
    neverAnyway,
  ],
  'a role without policies is not meant to log in': [role(), 'notApplicable'],
})
