import { parseArn } from '../../model/arn.ts'
import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../conditions/context.ts'
import { variableKeys } from '../conditions/variables.ts'
import type { Statement } from '../policy/policy.ts'
import type { AccessCase, AccessRequest, PolicyDocument, RequestPrincipal } from './types.ts'

/**
 * The keys AWS itself fills in from who calls and what is called, as documented under "Availability" and in the table
 * "Principal key values". A key that is not listed is not derived. `aws:userid` of users and sessions needs their
 * unique id, which no ARN holds.
 */
export function derivedContext(principal: RequestPrincipal, resource: AccessRequest['resource']): RequestContext {
  return new Map([...principalKeys(principal), ...resourceKeys(resource)])
}

/**
 * The case with a request of which everything is known: keys that AWS derives are filled in unless stated, and every other key
 * that a policy asks for and nobody stated is absent.
 */
export function withCompleteContext(one: AccessCase): AccessCase {
  const { principal, resource, context } = one.request
  const absent = [...askedKeys(one), 'aws:federatedprovider'].map((key): Entry => [key, absentKey])
  const complete = new Map([...absent, ...derivedContext(principal, resource), ...context])
  return { ...one, request: { ...one.request, context: complete } }
}

/** Keys in lower case that the conditions and the variables of the policies ask for. */
function askedKeys(one: AccessCase): ReadonlySet<string> {
  const keys = new Set<string>()
  const add = (texts: readonly string[]): void => {
    for (const text of texts) for (const key of variableKeys(text)) keys.add(key)
  }
  for (const statement of documentsOf(one).flatMap(statementsOf)) {
    add(statement.resource?.patterns ?? [])
    for (const condition of statement.conditions) {
      keys.add(condition.key.toLowerCase())
      add(condition.values)
    }
  }
  return keys
}

function documentsOf(one: AccessCase): readonly PolicyDocument[] {
  const levels = [...(one.serviceControlPolicies ?? []), ...(one.resourceControlPolicies ?? [])]
  return [
    ...one.identityPolicies,
    ...(one.resourcePolicies ?? []).map(({ document }) => document),
    ...(one.permissionsBoundaries ?? []),
    ...(one.sessionPolicies ?? []),
    ...levels.flatMap(({ policies }) => policies),
    ...(one.endpointPolicies ?? []),
  ]
}

function statementsOf(document: PolicyDocument): readonly Statement[] {
  return document.state === 'known' ? document.policy.statements : []
}

type Entry = readonly [string, ContextValue]

function principalKeys(principal: RequestPrincipal): readonly Entry[] {
  switch (principal.kind) {
    case 'role':
      return accountKeys(principal.accountId, principal.arn, 'AssumedRole')
    case 'session':
      return accountKeys(principal.accountId, roleArnOf(principal), 'AssumedRole')
    case 'user':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'User'),
        ['aws:username', present(lastSegment(principal.arn))],
      ]
    case 'federatedUser':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'FederatedUser'),
        ['aws:userid', present(`${principal.accountId}:${lastSegment(principal.arn)}`)],
      ]
    case 'root':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'Account'),
        ['aws:userid', present(principal.accountId)],
      ]
    case 'service':
      return serviceKeys(principal.name)
    case 'anonymous':
      return [
        ['aws:principalaccount', present('anonymous')],
        ['aws:principaltype', present('Anonymous')],
      ]
    default:
      return principal satisfies never
  }
}

function accountKeys(accountId: string, arn: string, type: string): readonly Entry[] {
  return [
    ['aws:principalarn', present(arn)],
    ['aws:principalaccount', present(accountId)],
    ['aws:principaltype', present(type)],
    ['aws:principalisawsservice', present('false')],
  ]
}

function serviceKeys(name: string): readonly Entry[] {
  return [
    ['aws:principalisawsservice', present('true')],
    ['aws:principalservicename', present(name)],
    // All names of the service, regional ones included: more than the one we were told.
    ['aws:principalservicenameslist', unknownKey],
  ]
}

/** A session ARN leaves the path of its role out; a role without a path is assumed unless the caller knows better. */
function roleArnOf(session: Extract<RequestPrincipal, { kind: 'session' }>): string {
  if (session.roleArn !== undefined) return session.roleArn
  const parts = parseArn(session.arn)
  const [, name = ''] = (parts?.resource ?? '').split('/')
  return `arn:${parts?.partition ?? 'aws'}:iam::${session.accountId}:role/${name}`
}

function lastSegment(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** A regional resource answers at the endpoint of its region. */
function resourceKeys(resource: AccessRequest['resource']): readonly Entry[] {
  const account: Entry = ['aws:resourceaccount', present(resource.accountId)]
  const region = parseArn(resource.arn)?.region
  return region === undefined || region === '' ? [account] : [account, ['aws:requestedregion', present(region)]]
}
