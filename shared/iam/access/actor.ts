import type { Audience } from '../access-types.ts'

/** How a request travels: over the internet it has a source address, through an endpoint the ids of the network. */
export type Route = 'internet' | 'endpoint'

/** Whose endpoint a request comes through; an undefined organization is none. */
export interface EndpointOwner {
  readonly account: string | undefined
  readonly organization: string | undefined
}

/** Whose endpoints requests come through: each of the accounts may be in each of the organizations. */
export interface EndpointOwners {
  readonly accounts: readonly string[]
  readonly organizations: readonly (string | undefined)[]
}

/** One class of callers: what is fixed about it, and what it may choose. */
export interface Actor {
  readonly audience: Audience
  readonly principal: string
  /** Account shown in the grant. */
  readonly accountId: string | undefined
  readonly wholeAccount: boolean
  /** Value of aws:PrincipalAccount; undefined for services. */
  readonly account: string | undefined
  /** Value of aws:PrincipalArn, or a pattern it matches; undefined when any principal of the account will do. */
  readonly arn: string | undefined
  /** Organizations the caller may belong to; undefined is none. */
  readonly organizations: readonly (string | undefined)[]
  /** Name of the AWS service, or `*` for any. */
  readonly service: string | undefined
  /** Account on whose behalf a service calls; undefined when it names none. */
  readonly sourceAccount: string | undefined
  readonly boundToSource: boolean
  /** Whether identifiers nobody can guess (endpoint ids, unique ids, own networks) may be this caller's. */
  readonly holdsLiterals: boolean
  /** The one such identifier an otherwise unknown caller holds. */
  readonly holds: { readonly key: string; readonly value: string } | undefined
  /** The owners of the endpoints through which these callers come, whoever they are; undefined for callers of whom more is known. */
  readonly through: EndpointOwners | undefined
  /** Whether it is asked what it may do through endpoints of others that conditions name. */
  readonly isGuest: boolean
  readonly uncertain: readonly string[]
  /** Facts that decide whose caller this is and that we do not have. */
  readonly missing: readonly string[]
  /** Whether it stands for accounts that were too many to look at each: another of them may fare better. */
  readonly isSample: boolean
  /** Whether the account may be a member of the organization although nobody lists it. */
  readonly maybeMember: boolean
}

/** A caller with the usual blanks filled in. */
export function actor(known: Pick<Actor, 'audience' | 'principal'> & Partial<Actor>): Actor {
  return {
    accountId: undefined,
    wholeAccount: false,
    account: undefined,
    arn: undefined,
    organizations: [undefined],
    service: undefined,
    sourceAccount: undefined,
    boundToSource: false,
    holdsLiterals: true,
    holds: undefined,
    through: undefined,
    isGuest: true,
    uncertain: [],
    missing: [],
    isSample: false,
    maybeMember: false,
    ...known,
  }
}
