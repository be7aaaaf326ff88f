import type { ContextValue, RequestContext } from '../../../shared/iam/conditions/context.ts'
import { absentKey, present, unknownKey } from '../../../shared/iam/conditions/context.ts'
import { policyDocumentOf } from '../../../shared/iam/evaluate/document.ts'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { parsePrincipal } from '../../../shared/iam/evaluate/principal.ts'
import type {
  AccessCase,
  Decision,
  GuardrailLevel,
  PolicyDocument,
  RequestPrincipal,
  ResourcePolicyDocument,
} from '../../../shared/iam/evaluate/types.ts'
import { known } from '../../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'

/** Statements of one policy (version 2012-10-17), a whole policy document, or `"unreadable"`. */
export type WrittenPolicy = readonly JsonObject[] | JsonObject | string

/** One row of a table. Every field but the name and the expectation has a default. */
export interface WrittenCase {
  readonly name: string
  readonly principal?: string | { readonly session: string; readonly roleArn: string }
  readonly action?: string
  readonly resource?: string
  readonly owner?: string
  /** Owner of the bucket of an S3 object, when it is another one. */
  readonly bucket?: string
  /** `null`: absent; a key left out is unknown. */
  readonly context?: Readonly<Record<string, string | readonly string[] | null>>
  readonly identity?: WrittenPolicy | readonly WrittenPolicy[]
  readonly resourcePolicy?: WrittenPolicy
  readonly noResourcePolicy?: boolean
  readonly registry?: { readonly scope: 'V1' | 'V2' | 'unknown'; readonly policy: WrittenPolicy }
  readonly boundary?: WrittenPolicy
  readonly session?: WrittenPolicy
  readonly scp?: readonly WrittenPolicy[]
  readonly rcp?: readonly WrittenPolicy[]
  readonly endpoint?: WrittenPolicy
  readonly management?: string
  readonly expect: 'allowed' | 'explicitlyDenied' | 'implicitlyDenied' | 'unknown'
  /** Layer, `#position` of the statement when one decided. */
  readonly by?: string
  /** What is missing, `kind name`. */
  readonly missing?: readonly string[]
}

/** Who asks where a row does not say. */
export const role = 'arn:aws:iam::111122223333:role/puller'
/** A session of that role. */
export const session = 'arn:aws:sts::111122223333:assumed-role/puller/s'
const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/app'

/** Makes the case a row of a table describes. */
export function accessCaseOf(row: WrittenCase): AccessCase {
  const resource = row.resource ?? repository
  return {
    request: {
      principal: principalOf(row.principal ?? role),
      action: row.action ?? 'ecr:BatchGetImage',
      resource: {
        arn: resource,
        accountId: row.owner ?? (resource.split(':')[4] || '111122223333'),
        ...(row.bucket === undefined ? {} : { bucketAccountId: row.bucket }),
      },
      context: contextOf(row.context ?? {}),
    },
    identityPolicies: identityOf(row.identity),
    ...resourcePolicies(row),
    ...(row.boundary === undefined ? {} : { permissionsBoundaries: [documentOf('boundary', row.boundary)] }),
    ...(row.session === undefined ? {} : { sessionPolicies: [documentOf('session policy', row.session)] }),
    ...(row.scp === undefined ? {} : { serviceControlPolicies: levelsOf('SCP', row.scp) }),
    ...(row.rcp === undefined ? {} : { resourceControlPolicies: levelsOf('RCP', row.rcp) }),
    ...(row.endpoint === undefined ? {} : { endpointPolicies: [documentOf('endpoint policy', row.endpoint)] }),
    ...(row.management === undefined ? {} : { managementAccountId: row.management }),
  }
}

/** What a row says of a case, besides its name and what is expected. */
export type Given = Omit<WrittenCase, 'name' | 'expect'>

/** A case that is no row of a table. */
export const caseOf = (given: Given): AccessCase => accessCaseOf({ name: '', expect: 'allowed', ...given })

/** What is decided in it. */
export const decided = (given: Given): Decision => evaluateAccess(caseOf(given))

/** An Allow of one pull action on everything, changed by `more`. */
export const allow = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action: 'ecr:BatchGetImage',
  Resource: '*',
  ...more,
})

/** A document as rows write it. */
export function documentOf(name: string, written: WrittenPolicy): PolicyDocument {
  if (typeof written === 'string') return { state: 'unknown', name, reason: written }
  const json: JsonValue = Array.isArray(written)
    ? { Version: '2012-10-17', Statement: written as JsonValue }
    : (written as JsonObject)
  return policyDocumentOf(name, known({ json, text: JSON.stringify(json), duplicateKeys: [] }))
}

function principalOf(written: NonNullable<WrittenCase['principal']>): RequestPrincipal {
  if (written === 'anonymous') return { kind: 'anonymous' }
  const principal = parsePrincipal(typeof written === 'string' ? written : written.session)
  if (principal === undefined) throw new Error(`not a principal: ${JSON.stringify(written)}`)
  return typeof written === 'object' && principal.kind === 'session'
    ? { ...principal, roleArn: written.roleArn }
    : principal
}

/** A context as rows write it. */
export function contextOf(written: NonNullable<WrittenCase['context']>): RequestContext {
  const value = (one: string | readonly string[] | null): ContextValue => {
    if (one === null) return absentKey
    if (one === '?unknown') return unknownKey
    return typeof one === 'string' ? present(one) : present(...one)
  }
  return new Map(Object.entries(written).map(([key, one]) => [key.toLowerCase(), value(one)]))
}

function identityOf(written: WrittenCase['identity']): readonly PolicyDocument[] {
  if (written === undefined) return []
  const isList = Array.isArray(written) && (Array.isArray(written[0]) || typeof written[0] === 'string')
  if (!isList) return [documentOf('identity policy', written as WrittenPolicy)]
  return (written as readonly WrittenPolicy[]).map((one, index) => documentOf(`identity policy ${index + 1}`, one))
}

function resourcePolicies(row: WrittenCase): { readonly resourcePolicies?: readonly ResourcePolicyDocument[] } {
  const policies: ResourcePolicyDocument[] = []
  if (row.resourcePolicy !== undefined) policies.push({ document: documentOf('resource policy', row.resourcePolicy) })
  if (row.registry !== undefined) {
    policies.push({ document: documentOf('registry policy', row.registry.policy), registryScope: row.registry.scope })
  }
  return policies.length === 0 && row.noResourcePolicy !== true ? {} : { resourcePolicies: policies }
}

function levelsOf(name: string, levels: readonly WrittenPolicy[]): readonly GuardrailLevel[] {
  return levels.map((written, index) => ({
    orgIdentifier: index === 0 ? 'r-root' : `ou-${index}`,
    policies: [documentOf(`${name} ${index + 1}`, written)],
  }))
}
