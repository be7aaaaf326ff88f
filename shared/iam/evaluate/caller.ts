import type { RequestPrincipal } from './types.ts'

/** The principal of a request with what follows from its ARN. */
export interface Caller {
  readonly kind: RequestPrincipal['kind']
  /** ARN, or the name of a service; empty for an anonymous caller. */
  readonly name: string
  /** Undefined for services and anonymous callers. */
  readonly accountId: string | undefined
  readonly partition: string
  /** Of a role or a session: the role's ARN when its path is known. */
  readonly roleArn: string | undefined
  /** Of a role or a session. */
  readonly roleName: string | undefined
  readonly isServiceLinked: 'yes' | 'no' | 'unknown'
}

const remembered = new WeakMap<RequestPrincipal, Caller>()

/** Reads what follows from a principal; the same object is read once. */
export function callerOf(principal: RequestPrincipal): Caller {
  const before = remembered.get(principal)
  if (before !== undefined) return before
  const caller = read(principal)
  remembered.set(principal, caller)
  return caller
}

function read(principal: RequestPrincipal): Caller {
  const { kind } = principal
  const name = kind === 'service' ? principal.name : kind === 'anonymous' ? '' : principal.arn
  const roleArn = kind === 'role' ? principal.arn : kind === 'session' ? principal.roleArn : undefined
  const roleName = roleArn === undefined ? (kind === 'session' ? sessionRole(name) : undefined) : lastPart(roleArn)
  return {
    kind,
    name,
    accountId: 'accountId' in principal ? principal.accountId : undefined,
    partition: name.split(':')[1] ?? 'aws',
    roleArn,
    roleName,
    isServiceLinked: serviceLinked(roleArn, roleName),
  }
}

function serviceLinked(roleArn: string | undefined, roleName: string | undefined): 'yes' | 'no' | 'unknown' {
  if (roleArn !== undefined) return roleArn.includes(':role/aws-service-role/') ? 'yes' : 'no'
  // Only the path tells; every service-linked role has this prefix.
  return roleName?.startsWith('AWSServiceRoleFor') === true ? 'unknown' : 'no'
}

/** The role's name in `arn:aws:sts::111122223333:assumed-role/name/session`. */
export function sessionRole(arn: string): string | undefined {
  const resource = arn.split(':')[5]
  const [type, role, session] = resource?.split('/') ?? []
  return type === 'assumed-role' && session !== undefined ? role : undefined
}

/** The text after the last slash. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
