import { type Caller, callerOf, contextWith } from './caller.ts'
import { countedPolicy } from './registry-scope.ts'
import { type Answer, and, type Counted, no, or, type Scan, scanDocuments, silent, yes } from './scan.ts'
import { overrideOf, type ServiceOverride } from './service-overrides.ts'
import type { Subject } from './test-statement.ts'
import type { AccessCase, GuardrailLevel, LayerName, PolicyDocument } from './types.ts'
import { lacksResourceLevel } from './unlisted-resources.ts'

/** What one layer (one level of a guardrail) says about the request. */
export interface Layer {
  readonly layer: LayerName
  readonly orgIdentifier?: string
  /** Why it has no say; undefined when it has. */
  readonly exempt: string | undefined
  readonly scan: Scan
}

/** A request with every layer that was supplied, in the order AWS evaluates them. */
export interface Layered {
  readonly subject: Subject
  readonly layers: readonly Layer[]
  readonly override: ServiceOverride | undefined
  /** Whether caller and resource belong to one account. */
  readonly isSameAccount: boolean
}

/** The request as statements are tested against it. */
export function subjectOf({ request, permissionsBoundaries }: AccessCase): Subject {
  const caller = callerOf(request.principal)
  const action = request.action.toLowerCase()
  const resource = lacksResourceLevel(action) ? '*' : request.resource.arn
  const hasBoundary = (permissionsBoundaries?.length ?? 0) > 0
  return { caller, action, resource, context: contextWith(request.context, caller), hasBoundary }
}

/** Evaluates every layer of the case. */
export function evaluateLayers(one: AccessCase): Layered {
  const subject = subjectOf(one)
  const { caller, action, resource } = subject
  const override = overrideOf(action, resource)
  const resourceAccount = resource === '*' ? caller.accountId : one.request.resource.accountId
  const layers = [
    ...guardrails('rcp', one.resourceControlPolicies, exemptFromRcp(one, caller), subject),
    ...guardrails('scp', one.serviceControlPolicies, exemptFromScp(one, caller), subject),
    ...resourceLayer(one, subject, override),
    identityLayer(one.identityPolicies, subject),
    ...limit('boundary', one.permissionsBoundaries, unlimited(caller), subject),
    ...limit('session', one.sessionPolicies, unlimited(caller), subject),
    ...limit('endpoint', one.endpointPolicies, undefined, subject),
  ]
  return {
    subject,
    layers,
    override,
    isSameAccount: caller.accountId !== undefined && caller.accountId === resourceAccount,
  }
}

/** Documents that count, of the resource policies of a case. */
export function countedResourcePolicies(one: AccessCase, subject: Subject): readonly Counted[] {
  // No resource policy decides on an action that has no resource, except a registry policy on those of its registry.
  const isToken = subject.action.endsWith(':getauthorizationtoken')
  return (one.resourcePolicies ?? []).flatMap((policy) => {
    if (subject.resource === '*' && (policy.registryScope === undefined || isToken)) return []
    return countedPolicy(policy, subject.action) ?? []
  })
}

function resourceLayer(one: AccessCase, subject: Subject, override: ServiceOverride | undefined): readonly Layer[] {
  const documents = countedResourcePolicies(one, subject)
  if (override !== undefined && one.resourcePolicies === undefined) {
    const document: PolicyDocument = { state: 'unknown', name: override.resourcePolicy, reason: 'it was not supplied' }
    return [{ layer: 'resource', exempt: undefined, scan: scanDocuments([{ document }], 'resource', subject) }]
  }
  const exempt =
    documents.length === 0 && one.resourcePolicies === undefined ? 'there is no resource policy' : undefined
  return [{ layer: 'resource', exempt, scan: scanDocuments(documents, 'resource', subject) }]
}

function identityLayer(documents: readonly PolicyDocument[], subject: Subject): Layer {
  const { kind } = subject.caller
  if (kind === 'root')
    return { layer: 'identity', exempt: 'the root user needs no identity policy', scan: { ...silent, allow: yes } }
  const exempt =
    kind === 'service' || kind === 'anonymous'
      ? `${kind === 'service' ? 'a service' : 'an anonymous caller'} has no identity policies`
      : undefined
  const scan = exempt === undefined ? scanDocuments(documents.map(plain), 'identity', subject) : silent
  return { layer: 'identity', exempt, scan }
}

/** Layers in which every document has to allow. */
function limit(
  layer: 'boundary' | 'session' | 'endpoint',
  documents: readonly PolicyDocument[] | undefined,
  exempt: string | undefined,
  subject: Subject,
): readonly Layer[] {
  if (documents === undefined || documents.length === 0) return []
  if (exempt !== undefined) return [{ layer, exempt, scan: silent }]
  const scans = documents.map((document) => scanDocuments([{ document }], layer, subject))
  return [
    {
      layer,
      exempt,
      scan: scans.reduce((all, scan) => ({
        ...silent,
        deny: or(all.deny, scan.deny),
        allow: and(all.allow, scan.allow),
      })),
    },
  ]
}

function guardrails(
  layer: 'scp' | 'rcp',
  levels: readonly GuardrailLevel[] | undefined,
  exempt: string | undefined,
  subject: Subject,
): readonly Layer[] {
  return (levels ?? []).map(({ orgIdentifier, policies }) => {
    if (exempt !== undefined) return { layer, orgIdentifier, exempt, scan: silent }
    const scan = scanDocuments(policies.map(plain), layer, subject)
    // RCPFullAWSAccess is attached everywhere and cannot be detached: only a Deny matters.
    const settled = layer === 'rcp' ? { ...scan, allow: yes } : scan
    return { layer, orgIdentifier, exempt, scan: unlessServiceLinked(settled, subject.caller) }
  })
}

function plain(document: PolicyDocument): Counted {
  return { document }
}

function unlimited({ kind }: Caller): string | undefined {
  return kind === 'root' || kind === 'service' || kind === 'anonymous' ? 'it limits users and roles only' : undefined
}

function exemptFromScp(one: AccessCase, caller: Caller): string | undefined {
  if (caller.accountId === undefined) return 'SCPs bind the users and roles of member accounts only'
  if (caller.accountId === one.managementAccountId) return 'SCPs do not bind the management account'
  return caller.isServiceLinked === 'yes' ? 'SCPs do not bind service-linked roles' : undefined
}

function exemptFromRcp(one: AccessCase, caller: Caller): string | undefined {
  if (one.request.resource.accountId === one.managementAccountId)
    return 'RCPs do not bind resources of the management account'
  return caller.isServiceLinked === 'yes' ? 'RCPs do not bind service-linked roles' : undefined
}

/** When the path of the role is not known, what a guardrail denies is not certain. */
function unlessServiceLinked(scan: Scan, caller: Caller): Scan {
  if (caller.isServiceLinked !== 'unknown') return scan
  const fact: Answer = {
    truth: 'unknown',
    missing: [
      { kind: 'fact', fact: `path of the role ${caller.roleName}: guardrails do not bind service-linked roles` },
    ],
  }
  return {
    ...scan,
    deny:
      scan.deny.truth === 'false'
        ? no
        : { ...fact, ...(scan.deny.statement === undefined ? {} : { statement: scan.deny.statement }) },
    allow: scan.allow.truth === 'true' ? scan.allow : fact,
  }
}
