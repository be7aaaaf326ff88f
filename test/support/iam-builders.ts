import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith } from './estate.ts'

/** ARN of a role of home, or of another account; `path` begins and ends with a slash. */
export function roleArn(name: string, accountId: string = home.accountId, path = '/'): string {
  return `arn:aws:iam::${accountId}:role${path}${name}`
}

/** ARN of a customer-managed policy of home. */
export function policyArn(name: string, accountId: string = home.accountId): string {
  return `arn:aws:iam::${accountId}:policy/${name}`
}

/** The trust policy of a role that a service assumes, changed by `overrides`. */
export function trustOf(service: string, overrides: JsonObject = {}): JsonObject {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...overrides }
  return { Version: '2012-10-17', Statement: [statement] }
}

/**
 * A role; `trust` and the documents of `inline` are documents (written URL-encoded, as AWS Config does) or any text to put in
 * their place. Without `trust`, ECS tasks assume it. `attached` and `boundary` are ARNs. `configuration` wins over all.
 */
export function role(
  options: {
    readonly name?: string
    readonly path?: string
    readonly trust?: JsonValue
    readonly inline?: Readonly<Record<string, JsonValue>>
    readonly attached?: readonly string[]
    readonly boundary?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'app'
  const path = options.path ?? '/'
  const arn = roleArn(name, home.accountId, path)
  return global('AWS::IAM::Role', `AROA${idOf(path + name)}`, name, arn, {
    path,
    roleName: name,
    roleId: `AROA${idOf(path + name)}`,
    arn,
    assumeRolePolicyDocument: encoded(options.trust ?? trustOf('ecs-tasks.amazonaws.com')),
    instanceProfileList: [],
    rolePolicyList: Object.entries(options.inline ?? {}).map(([policyName, document]) => ({
      policyName,
      policyDocument: encoded(document),
    })),
    attachedManagedPolicies: (options.attached ?? []).map((policyArn) => ({
      policyArn,
      policyName: policyArn.slice(policyArn.lastIndexOf('/') + 1),
    })),
    permissionsBoundary:
      options.boundary === undefined
        ? null
        : { permissionsBoundaryArn: options.boundary, permissionsBoundaryType: 'Policy' },
    tags: [],
    ...options.configuration,
  })
}

/** A customer-managed policy whose default version has this document. */
export function customerPolicy(name: string, document: JsonValue): EstatePart {
  return managedPolicy(policyArn(name), document)
}

/** A managed policy by ARN: one of AWS's own as `pullpath collect` carries it, or one with a path. */
export function managedPolicy(arn: string, document: JsonValue): EstatePart {
  const policyName = arn.slice(arn.lastIndexOf('/') + 1)
  return global('AWS::IAM::Policy', `ANPA${idOf(arn)}`, policyName, arn, {
    policyName,
    policyId: `ANPA${idOf(arn)}`,
    arn,
    path: '/',
    defaultVersionId: 'v2',
    policyVersionList: [
      { document: encoded({ Version: '2012-10-17', Statement: [] }), versionId: 'v1', isDefaultVersion: false },
      { document: encoded(document), versionId: 'v2', isDefaultVersion: true },
    ],
  })
}

/** An instance profile with the names or ARNs of its roles. */
export function instanceProfile(name: string, ...roles: readonly string[]): EstatePart {
  const arn = `arn:aws:iam::${home.accountId}:instance-profile/${name}`
  const configuration = { InstanceProfileName: name, Arn: arn, Roles: roles }
  return global('AWS::IAM::InstanceProfile', name, name, arn, configuration)
}

function global(type: string, id: string, name: string, arn: string, configuration: JsonObject): EstatePart {
  return itemWith({
    awsRegion: 'global',
    resourceType: type,
    resourceId: id,
    resourceName: name,
    ARN: arn,
    configuration,
  })
}

/** As AWS Config writes documents of IAM; a text stays as it is. */
function encoded(document: JsonValue): JsonValue {
  return typeof document === 'string' ? document : encodeURIComponent(JSON.stringify(document))
}

/** A stable id that differs for different names. */
function idOf(name: string): string {
  return [...name].map((letter) => letter.charCodeAt(0).toString(36).toUpperCase()).join('')
}
