import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { Fact } from '../model/fact.ts'
import { epochSeconds, oneOrUnknown } from './known-values.ts'
import { type PullKey, type PullKeyState, pullContextTable } from './pull-context-table.ts'
import type { Puller } from './types.ts'

/** What is known of a request to ECR that a puller makes with the credentials of a role. */
export interface PullContextInput {
  readonly puller: Puller
  /** True when somebody else may call with the credentials of the puller, in whatever way they allow. */
  readonly isByHolder?: boolean
  readonly role: {
    /** With its path. */
    readonly arn: string
    readonly accountId: string
    /** `AROA…`. */
    readonly roleId?: string | undefined
    readonly tags: ReadonlyMap<string, string>
  }
  /** `ecr:BatchGetImage`, any case. */
  readonly action: string
  readonly region: string
  /** The account that owns the repository; for actions without one the role's. */
  readonly resourceAccountId: string
  /** `o-…` of the role's account, when known. */
  readonly organizationId?: string
  /** `o-…/r-…/ou-…/` of the role's account; absent outside an organization. */
  readonly organizationPath?: Fact<string>
  /** `o-…` of the repository's account, when known; that of the role when both are one account. */
  readonly resourceOrganizationId?: string
  /** Way of the repository's account, as above. */
  readonly resourceOrganizationPath?: Fact<string>
  /** All tags of the repository, when known. */
  readonly resourceTags?: ReadonlyMap<string, string>
  /** Without it any time is possible. */
  readonly now?: Date
  /** Keys that the way through the network decides, by name in lower case; unknown where it says nothing. */
  readonly network?: RequestContext
}

/**
 * The condition keys of a pull. Answers for every key of `pullContextTable`, whole families of tag keys included, which
 * are no entries: only `get` knows them. Keys of which the table says nothing are unknown. For requests to ECR only.
 */
export function pullContext(input: PullContextInput): RequestContext {
  return new FamilyContext(
    singleKeys.map(([name, row]) => [name, valueOfRow(name, row, input)]),
    families.map(([prefix, row]) => [prefix, familyOf(row, input)]),
  )
}

const singleKeys = pullContextTable
  .filter(({ key }) => !key.endsWith('*'))
  .map((row): readonly [name: string, row: PullKey] => [row.key.toLowerCase(), row])
const families = pullContextTable
  .filter(({ key }) => key.endsWith('*'))
  .map((row): readonly [prefix: string, row: PullKey] => [row.key.slice(0, -1).toLowerCase(), row])

type KeyFamily = (name: string) => ContextValue

/** A map whose `get` also answers for keys that start with one of the prefixes. */
class FamilyContext extends Map<string, ContextValue> {
  readonly #families: readonly (readonly [prefix: string, family: KeyFamily])[]

  constructor(
    entries: Iterable<readonly [string, ContextValue]>,
    families: readonly (readonly [prefix: string, family: KeyFamily])[],
  ) {
    super(entries)
    this.#families = families
  }

  override get(key: string): ContextValue | undefined {
    const held = super.get(key)
    if (held !== undefined) return held
    for (const [prefix, family] of this.#families) {
      if (key.startsWith(prefix)) return family(key.slice(prefix.length))
    }
    return undefined
  }
}

function valueOfRow(name: string, row: PullKey, input: PullContextInput): ContextValue {
  const exception = exceptionOf(row, input)
  const state = exception ?? row.state[input.puller]
  if (state === 'absent') return absentKey
  if (state === 'present') return valueOfKey(row.key, input)
  return (exception === undefined ? input.network?.get(name) : undefined) ?? unknownKey
}

/** The state that differs from that of most requests of the puller. */
function exceptionOf(
  { unknownOn, tokenState, holderState }: PullKey,
  { puller, action, isByHolder }: PullContextInput,
): PullKeyState | undefined {
  const name = action.toLowerCase()
  if (isByHolder === true && holderState !== undefined) return holderState
  if (unknownOn?.includes(name) === true) return 'unknown'
  return name === 'ecr:getauthorizationtoken' ? tokenState?.[puller] : undefined
}

function valueOfKey(key: string, input: PullContextInput): ContextValue {
  const { role, now } = input
  switch (key) {
    case 'aws:PrincipalArn':
      return present(role.arn)
    case 'aws:PrincipalAccount':
      return present(role.accountId)
    case 'aws:PrincipalType':
      return present('AssumedRole')
    case 'aws:PrincipalOrgID':
      return oneOrUnknown(input.organizationId)
    case 'aws:PrincipalOrgPaths':
      return pathValue(input.organizationPath, input.organizationId)
    case 'aws:ResourceAccount':
      return present(input.resourceAccountId)
    case 'aws:ResourceOrgID':
      return oneOrUnknown(resourceOrganizationId(input))
    case 'aws:ResourceOrgPaths':
      return pathValue(resourceOrganizationPath(input), resourceOrganizationId(input))
    case 'aws:RequestedRegion':
      return present(input.region)
    case 'aws:SecureTransport':
      return present('true')
    case 'aws:ViaAWSService':
    case 'aws:PrincipalIsAWSService':
      return present('false')
    case 'aws:CurrentTime':
      return oneOrUnknown(now?.toISOString())
    case 'aws:EpochTime':
      return oneOrUnknown(now && epochSeconds(now))
    default:
      return unknownKey
  }
}

function ownResource({ role, resourceAccountId }: PullContextInput): boolean {
  return role.accountId === resourceAccountId
}

function resourceOrganizationId(input: PullContextInput): string | undefined {
  return input.resourceOrganizationId ?? (ownResource(input) ? input.organizationId : undefined)
}

function resourceOrganizationPath(input: PullContextInput): Fact<string> | undefined {
  return input.resourceOrganizationPath ?? (ownResource(input) ? input.organizationPath : undefined)
}

/** An account of an organization has a path: one said to be absent is merely not shown. */
function pathValue(path: Fact<string> | undefined, organizationId: string | undefined): ContextValue {
  if (path?.state === 'known') return present(path.value)
  return path?.state === 'absent' && organizationId === undefined ? absentKey : unknownKey
}

function familyOf(row: PullKey, input: PullContextInput): KeyFamily {
  const state = exceptionOf(row, input) ?? row.state[input.puller]
  if (state === 'absent') return () => absentKey
  if (state === 'unknown') return () => unknownKey
  return tagFamily(row.key === 'aws:PrincipalTag/*' ? input.role.tags : input.resourceTags)
}

/** Tag keys of policies match in any case; tags that differ in case alone leave the value open. */
function tagFamily(tags: ReadonlyMap<string, string> | undefined): KeyFamily {
  if (tags === undefined) return () => unknownKey
  const values = new Map<string, ContextValue>()
  for (const [key, value] of tags) {
    const name = key.toLowerCase()
    values.set(name, values.has(name) ? unknownKey : present(value))
  }
  return (name) => values.get(name.toLowerCase()) ?? absentKey
}
