import { parseArn } from '../../model/arn.ts'
import {
  absentKey,
  type ContextLookup,
  type ContextValue,
  present,
  type RequestContext,
  unknownKey,
} from '../conditions/context.ts'
import { variableKeys } from '../conditions/variables.ts'
import type { Statement } from '../policy/policy.ts'
import { lastPart, sessionRole } from './caller.ts'
import type { AccessCase, AccessRequest, PolicyDocument, RequestPrincipal } from './types.ts'

/**
 * The keys AWS itself fills in from who calls and what is called, as documented under "Availability" and in the table
 * "Principal key values". A key that is not listed is not derived. `aws:userid` of users and sessions needs their
 * unique id, which no ARN holds, and `aws:PrincipalArn` of a session the path of its role.
 */
export function derivedContext(principal: RequestPrincipal, resource: AccessRequest['resource']): RequestContext {
  return new Map([...principalKeys(principal), ...resourceKeys(resource)])
}

/** As `derivedContext`, with a role without a path behind a session unless the caller knows better. */
export function assumedContext(principal: RequestPrincipal, resource: AccessRequest['resource']): RequestContext {
  const derived = derivedContext(principal, resource)
  if (principal.kind !== 'session' || principal.roleArn !== undefined) return derived
  return new Map([...derived, ['aws:principalarn', roleBehind(principal)]])
}

/** What is known of a request: what its context says, and for keys of which it says nothing what AWS derives. */
export function lookupOf({ principal, resource, context }: AccessRequest): ContextLookup {
  let derived: RequestContext | undefined
  return {
    get(key) {
      const stated = context.get(key)
      if (stated !== undefined) return stated
      derived ??= derivedContext(principal, resource)
      return derived.get(key)
    },
  }
}

/**
 * The case with a request of which everything is known: keys that AWS derives are filled in unless stated, and every other key
 * that a policy asks for and nobody stated is absent.
 */
export function withCompleteContext(one: AccessCase): AccessCase {
  const { principal, resource, context } = one.request
  const absent = [...askedKeys(one), 'aws:federatedprovider'].map((key): Entry => [key, absentKey])
  const complete = new CompletedContext([...absent, ...assumedContext(principal, resource)], context)
  return { ...one, request: { ...one.request, context: complete } }
}

/** A stated context may answer for keys that it does not list, so it is asked first each time. */
class CompletedContext extends Map<string, ContextValue> {
  readonly #stated: RequestContext

  constructor(defaults: readonly Entry[], stated: RequestContext) {
    super([...defaults, ...stated])
    this.#stated = stated
  }

  override get(key: string): ContextValue | undefined {
    return this.#stated.get(key) ?? super.get(key)
  }
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
      return [...accountKeys(principal.accountId, principal.arn, 'AssumedRole'), noUserName]
    case 'session':
      return [...accountKeys(principal.accountId, principal.roleArn, 'AssumedRole'), noUserName]
    case 'user':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'User'),
        ['aws:username', present(lastPart(principal.arn))],
      ]
    case 'federatedUser':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'FederatedUser'),
        noUserName,
        ['aws:userid', present(`${principal.accountId}:${lastPart(principal.arn)}`)],
      ]
    case 'root':
      return [
        ...accountKeys(principal.accountId, principal.arn, 'Account'),
        noUserName,
        ['aws:userid', present(principal.accountId)],
      ]
    case 'service':
      return serviceKeys(principal.name)
    case 'anonymous':
      return anonymousKeys
    default:
      return principal satisfies never
  }
}

const noUserName: Entry = ['aws:username', absentKey]

const anonymousKeys: readonly Entry[] = [
  ['aws:principalaccount', present('anonymous')],
  ['aws:principaltype', present('Anonymous')],
  ['aws:userid', present('anonymous')],
  noUserName,
  ...['aws:principalarn', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalisawsservice'].map(
    (key): Entry => [key, absentKey],
  ),
  ...['aws:principalservicename', 'aws:principalservicenameslist'].map((key): Entry => [key, absentKey]),
]

function accountKeys(accountId: string, arn: string | undefined, type: string): readonly Entry[] {
  return [
    ...(arn === undefined ? [] : [['aws:principalarn', present(arn)] as const]),
    ['aws:principalaccount', present(accountId)],
    ['aws:principaltype', present(type)],
    ['aws:principalisawsservice', present('false')],
    ['aws:principalservicename', absentKey],
    ['aws:principalservicenameslist', absentKey],
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

/** Roles of IAM Identity Center and of services always have a path, which the session's ARN does not tell. */
function roleBehind(session: Extract<RequestPrincipal, { kind: 'session' }>): ContextValue {
  const name = sessionRole(session.arn) ?? ''
  if (name.startsWith('AWSReservedSSO_') || name.startsWith('AWSServiceRoleFor')) return unknownKey
  const partition = parseArn(session.arn)?.partition ?? 'aws'
  return present(`arn:${partition}:iam::${session.accountId}:role/${name}`)
}

/** A regional resource answers at the endpoint of its region. */
function resourceKeys(resource: AccessRequest['resource']): readonly Entry[] {
  const account: Entry = ['aws:resourceaccount', present(resource.accountId)]
  const region = parseArn(resource.arn)?.region
  return region === undefined || region === '' ? [account] : [account, ['aws:requestedregion', present(region)]]
}
