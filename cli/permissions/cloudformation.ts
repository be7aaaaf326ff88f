import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { managedPolicies, policyDocument } from './documents.ts'
import { type PermissionsRequest, type PrintedPolicies, permissionsFor, splitRoleName } from './request.ts'
import { type PolicyStatement, readerStatements } from './statements.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const here = { partition: '${AWS::Partition}', accountId: '${AWS::AccountId}' }
const trustedRoot = 'arn:${AWS::Partition}:iam::${TrustedAccountId}:root'
const trustedRole = 'arn:${AWS::Partition}:iam::${TrustedAccountId}:role/${TrustedRoleName}'
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub

/**
 * A CloudFormation template (JSON) of the reader's role with its trust policy and permissions; of another part than `member`
 * the managed policies only, to be attached to whoever runs it.
 */
export function cloudFormation(request: PermissionsRequest): PrintedPolicies {
  const place = { partition: request.partition ?? here.partition, accountId: request.accountId ?? here.accountId }
  const groups = managedPolicies(readerStatements(permissionsFor(request), place, request))
  const hasRole = request.parts.includes('member')
  const name = (index: number) => (groups.length === 1 ? 'ReaderPolicy' : `ReaderPolicy${index + 1}`)
  const policies = groups.map((statements, index) => [name(index), policyResource(statements, hasRole)] as const)
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Pullpath: what reading configuration needs (${request.parts.join(', ')})`,
    ...(hasRole ? { Parameters: parametersOf(request), Conditions: conditions } : {}),
    Resources: { ...(hasRole ? { ReaderRole: roleResource(request) } : {}), ...Object.fromEntries(policies) },
    Outputs: hasRole
      ? { RoleArn: { Value: { 'Fn::GetAtt': ['ReaderRole', 'Arn'] } } }
      : Object.fromEntries(policies.map(([id]) => [`${id}Arn`, { Value: { Ref: id } }])),
  }
  return { text: `${JSON.stringify(template, null, 2)}\n`, policies: groups.length }
}

function parametersOf({ trusted, organizationId }: PermissionsRequest): JsonObject {
  return {
    TrustedAccountId: {
      ...parameter('^[0-9]{12}$', 'Account whose identity takes on the role.'),
      ...(trusted.accountId === undefined ? {} : { Default: trusted.accountId }),
    },
    TrustedRoleName: {
      ...parameter(
        '^[A-Za-z0-9_+=,.@/-]{0,512}$',
        'Name of the only role in it that may; empty: whom that account permits.',
      ),
      Default: trusted.roleName ?? '',
    },
    ExternalId: {
      ...parameter('^([A-Za-z0-9_+=,.@:/-]{2,1224})?$', 'External id the caller has to state; empty: none.'),
      Default: trusted.externalId ?? '',
    },
    OrganizationId: {
      ...parameter('^(o-[a-z0-9]{10,32})?$', 'Organization (o-...) the caller has to belong to; empty: any.'),
      Default: organizationId ?? '',
    },
  }
}

function parameter(pattern: string, description: string): JsonObject {
  return { Type: 'String', AllowedPattern: pattern, Description: description }
}

const given = (name: string): JsonObject => ({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] })

const conditions: JsonObject = {
  OneRoleOnly: given('TrustedRoleName'),
  HasExternalId: given('ExternalId'),
  HasOrganization: given('OrganizationId'),
  HasCondition: { 'Fn::Or': [{ Condition: 'HasExternalId' }, { Condition: 'HasOrganization' }] },
}

function roleResource({ roleName }: PermissionsRequest): JsonObject {
  const { path, name } = splitRoleName(roleName)
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Path: path,
      Description: 'Pullpath reads configuration with it; it writes nothing.',
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trustStatement] },
    },
  }
}

const nothing: JsonObject = { Ref: 'AWS::NoValue' }
const when = (condition: string, value: JsonValue, otherwise: JsonValue = nothing): JsonObject => ({
  'Fn::If': [condition, value, otherwise],
})

const trustStatement: JsonObject = {
  Sid: 'TrustedCaller',
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: when('OneRoleOnly', { 'Fn::Sub': trustedRole }, { 'Fn::Sub': trustedRoot }) },
  Condition: when('HasCondition', {
    StringEquals: {
      'sts:ExternalId': when('HasExternalId', { Ref: 'ExternalId' }),
      'aws:PrincipalOrgID': when('HasOrganization', { Ref: 'OrganizationId' }),
    },
  }),
}

function policyResource(statements: readonly PolicyStatement[], attached: boolean): JsonObject {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      Description: 'What Pullpath reads, and what it never does.',
      PolicyDocument: substituted(policyDocument(statements)),
      ...(attached ? { Roles: [{ Ref: 'ReaderRole' }] } : {}),
    },
  }
}

/** Resources that hold pseudo parameters, in `Fn::Sub`. */
function substituted(document: JsonObject): JsonObject {
  const statements = (document.Statement as readonly JsonObject[]).map((statement) => ({
    ...statement,
    Resource: (statement.Resource as readonly string[]).map((text) =>
      text.includes('${') ? { 'Fn::Sub': text } : text,
    ),
  }))
  return { ...document, Statement: statements }
}
