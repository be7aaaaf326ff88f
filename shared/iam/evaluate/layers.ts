import { type Caller, callerOf } from './caller.ts'
import { lookupOf } from './derived-context.ts'
import { rcpsBind } from './rcp-services.ts'
import { countedPolicy, isToken } from './registry-scope.ts'
import { type Answer, and, type Counted, type Journal, no, or, type Scan, scanDocuments, silent, yes } from './scan.ts'
import { isForeignObject, overrideOf, type ServiceOverride } from './service-overrides.ts'
import type { Subject } from './test-statement.ts'
import type { AccessCase, GuardrailLevel, LayerName, PolicyDocument } from './types.ts'
import { lacksResourceLevel } from './unlisted-resources.ts'

/** What one layer (one level of a guardrail) says about the request. */
export interface Layer {
  readonly layer: LayerName
  readonly orgIdentifier: string | undefined
  /** Why it has no say; undefined when it has. */
  readonly exempt: string | undefined
  /** Why it allows nothing, when there is no statement to blame. */
  readonly silence?: string
  readonly scan: Scan
  /** Undefined when nobody asks for an explanation, and for a layer without a say. */
  readonly journal: Journal | undefined
}

/** A request with every layer that was supplied, in the order AWS evaluates them. */
export interface Layered {
  readonly subject: Subject
  readonly layers: readonly Layer[]
  readonly override: ServiceOverride | undefined
  /** Whether caller and resource belong to one account. */
  readonly isSameAccount: boolean
}

/** A request on its way through the layers. */
interface Walk {
  readonly subject: Subject
  readonly isExplained: boolean
  readonly layers: Layer[]
}

/** Evaluates every layer of the case; with `isExplained` each writes down what became of each statement. */
export function evaluateLayers(one: AccessCase, isExplained: boolean): Layered {
  const subject = subjectOf(one)
  const { caller, action, resource } = subject
  const override = overrideOf(action, resource)
  const resourceAccount = resource === '*' ? caller.accountId : one.request.resource.accountId
  const walk: Walk = { subject, isExplained, layers: [] }
  addRcps(walk, one)
  if (one.serviceControlPolicies !== undefined)
    addLevels(walk, 'scp', one.serviceControlPolicies, exemptFromScp(one, caller), bindsRole(caller))
  addResource(walk, one, override)
  addIdentity(walk, one.identityPolicies)
  const unlimited = unlimitedBy(caller)
  addLimit(walk, 'boundary', one.permissionsBoundaries, unlimited)
  if (caller.kind === 'federatedUser' && !isGiven(one.sessionPolicies)) walk.layers.push(withoutSessionPolicy)
  else addLimit(walk, 'session', one.sessionPolicies, unlimited)
  addLimit(walk, 'endpoint', one.endpointPolicies, undefined)
  const isSameAccount = caller.accountId !== undefined && caller.accountId === resourceAccount
  return { subject, layers: walk.layers, override, isSameAccount }
}

function subjectOf({ request, permissionsBoundaries }: AccessCase): Subject {
  const action = request.action.toLowerCase()
  return {
    caller: callerOf(request.principal),
    action,
    resource: lacksResourceLevel(action) ? '*' : request.resource.arn,
    context: lookupOf(request),
    hasBoundary: isGiven(permissionsBoundaries),
  }
}

function isGiven(documents: readonly PolicyDocument[] | undefined): documents is readonly PolicyDocument[] {
  return documents !== undefined && documents.length > 0
}

function addExempt(walk: Walk, layer: LayerName, exempt: string, orgIdentifier?: string, scan: Scan = silent): void {
  walk.layers.push({ layer, orgIdentifier, exempt, scan, journal: undefined })
}

/** GetFederationToken without a session policy gives a session without permissions, as AWS documents. */
const withoutSessionPolicy: Layer = {
  layer: 'session',
  orgIdentifier: undefined,
  exempt: undefined,
  silence: 'a federated user session without a session policy has no permissions',
  scan: silent,
  journal: undefined,
}

function newJournal({ isExplained }: Walk): Journal | undefined {
  return isExplained ? { statements: [], unread: [] } : undefined
}

/** Documents that count, of the resource policies of a case. */
function countedResourcePolicies(one: AccessCase, subject: Subject): readonly Counted[] {
  // No resource policy decides on an action that has no resource, except a registry policy on those of its registry.
  return (one.resourcePolicies ?? []).flatMap((policy) => {
    if (subject.resource === '*' && policy.registryScope === undefined) return []
    return countedPolicy(policy, subject.action) ?? []
  })
}

function addResource(walk: Walk, one: AccessCase, override: ServiceOverride | undefined): void {
  const { resourcePolicies, request } = one
  const documents = countedResourcePolicies(one, walk.subject)
  if (override !== undefined && resourcePolicies === undefined) {
    const document: PolicyDocument = { state: 'unknown', name: override.resourcePolicy, reason: 'it was not supplied' }
    addScanned(walk, 'resource', [{ document }])
  } else if (isForeignObject(request.resource)) addScanned(walk, 'resource', documents, denialsOnly)
  else if (isToken(walk.subject.action)) addScanned(walk, 'resource', documents, withoutAllows)
  else if (resourcePolicies === undefined) addExempt(walk, 'resource', 'there is no resource policy')
  else addScanned(walk, 'resource', documents)
}

/** Only identity policies allow the token. */
function withoutAllows({ deny }: Scan): Scan {
  return { ...silent, deny }
}

/** Of a foreign object the bucket policy can only deny; what its ACL grants is not known. */
function denialsOnly(scan: Scan): Scan {
  return { ...silent, deny: scan.deny, allow: objectAcl, direct: objectAcl }
}

const objectAcl: Answer = {
  truth: 'unknown',
  missing: [
    { kind: 'fact', fact: 'ACL of the object: its owner does not own the bucket, whose policy cannot grant it' },
  ],
}

/** What a layer is silent for when there is nothing in it. */
const withoutDocuments: ReadonlyMap<LayerName, string> = new Map([
  ['resource', 'no resource policy has a say'],
  ['identity', 'there is no identity policy'],
])

function addScanned(
  walk: Walk,
  layer: LayerName,
  documents: readonly Counted[],
  settle?: (scan: Scan) => Scan,
  orgIdentifier?: string,
): void {
  const journal = newJournal(walk)
  const scan = scanDocuments(documents, { layer, subject: walk.subject, journal })
  const silence = documents.length === 0 ? withoutDocuments.get(layer) : undefined
  walk.layers.push({
    ...{ layer, orgIdentifier, exempt: undefined, scan: settle?.(scan) ?? scan, journal },
    ...(silence === undefined ? {} : { silence }),
  })
}

function addIdentity(walk: Walk, documents: readonly PolicyDocument[]): void {
  const { kind } = walk.subject.caller
  if (kind === 'root') addExempt(walk, 'identity', 'the root user needs no identity policy', undefined, allowing)
  else if (kind === 'service') addExempt(walk, 'identity', 'a service has no identity policies')
  else if (kind === 'anonymous') addExempt(walk, 'identity', 'an anonymous caller has no identity policies')
  else addScanned(walk, 'identity', documents.map(plain))
}

const allowing: Scan = { ...silent, allow: yes }

/** Layers in which every document has to allow. */
function addLimit(
  walk: Walk,
  layer: 'boundary' | 'session' | 'endpoint',
  documents: readonly PolicyDocument[] | undefined,
  exempt: string | undefined,
): void {
  if (!isGiven(documents)) return
  if (exempt !== undefined) {
    addExempt(walk, layer, exempt)
    return
  }
  const journal = newJournal(walk)
  const place = { layer, subject: walk.subject, journal }
  const scans = documents.map((document) => scanDocuments([{ document }], place))
  walk.layers.push({ layer, orgIdentifier: undefined, exempt, scan: scans.reduce(bothAllow), journal })
}

function bothAllow(left: Scan, right: Scan): Scan {
  return { ...silent, deny: or(left.deny, right.deny), allow: and(left.allow, right.allow) }
}

function plain(document: PolicyDocument): Counted {
  return { document }
}

function addLevels(
  walk: Walk,
  layer: 'scp' | 'rcp',
  levels: readonly GuardrailLevel[],
  exempt: string | undefined,
  settle: ((scan: Scan) => Scan) | undefined,
): void {
  for (const { orgIdentifier, policies } of levels) {
    if (exempt !== undefined) addExempt(walk, layer, exempt, orgIdentifier)
    else addScanned(walk, layer, policies.map(plain), settle, orgIdentifier)
  }
}

function addRcps(walk: Walk, one: AccessCase): void {
  if (one.resourceControlPolicies === undefined) return
  const { caller, action } = walk.subject
  const binds = rcpsBind(action)
  const service = action.slice(0, action.indexOf(':'))
  const doubt = binds === 'unknown' ? doubted(`whether RCPs bind the service ${service}`) : undefined
  const role = bindsRole(caller)
  // RCPFullAWSAccess is attached everywhere and cannot be detached: only a Deny matters.
  const settle = (scan: Scan): Scan => {
    const certain = { ...scan, allow: yes }
    const bound = doubt?.(certain) ?? certain
    return role?.(bound) ?? bound
  }
  addLevels(walk, 'rcp', one.resourceControlPolicies, exemptFromRcp(one, caller, binds), settle)
}

function unlimitedBy({ kind }: Caller): string | undefined {
  return kind === 'root' || kind === 'service' || kind === 'anonymous' ? 'it limits users and roles only' : undefined
}

function exemptFromScp(one: AccessCase, caller: Caller): string | undefined {
  if (caller.accountId === undefined) return 'SCPs bind the users and roles of member accounts only'
  if (caller.accountId === one.managementAccountId) return 'SCPs do not bind the management account'
  return caller.isServiceLinked === 'yes' ? 'SCPs do not bind service-linked roles' : undefined
}

function exemptFromRcp(one: AccessCase, caller: Caller, binds: 'yes' | 'no' | 'unknown'): string | undefined {
  if (one.request.resource.accountId === one.managementAccountId)
    return 'RCPs do not bind resources of the management account'
  if (binds === 'no') return `RCPs do not bind ${one.request.action}`
  return caller.isServiceLinked === 'yes' ? 'RCPs do not bind service-linked roles' : undefined
}

/** When the path of the role is not known, what a guardrail denies is not certain. */
function bindsRole(caller: Caller): ((scan: Scan) => Scan) | undefined {
  if (caller.isServiceLinked !== 'unknown') return undefined
  return doubted(`path of the role ${caller.roleName}: guardrails do not bind service-linked roles`)
}

/** A guardrail of which it is not certain that it binds: what it denies is open. */
function doubted(fact: string): (scan: Scan) => Scan {
  const open: Answer = { truth: 'unknown', missing: [{ kind: 'fact', fact }] }
  return (scan) => ({
    ...scan,
    deny: scan.deny.truth === 'false' ? no : withStatement(open, scan.deny),
    allow: scan.allow.truth === 'true' ? scan.allow : open,
  })
}

function withStatement(answer: Answer, { statement }: Answer): Answer {
  return statement === undefined ? answer : { ...answer, statement }
}
