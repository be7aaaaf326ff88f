import { isJsonObject, type JsonObject, ownList, ownObject, ownString } from '../../shared/model/json.ts'

const accountType = 'AWS::Organizations::Account'
const unitType = 'AWS::Organizations::OrganizationalUnit'
/** Units nest five deep; more than this is no tree. */
const MAX_DEPTH = 20

/** What decides whether an account has to have given a sign of its functions. */
export interface Deployment {
  /** Ids of the root or of units whose accounts get the functions; empty: all do. */
  readonly targets: readonly string[]
  /** Milliseconds since the epoch. */
  readonly at: number
  /** An account that joined less than this many milliseconds ago need not have swept. */
  readonly maxAge: number
}

/** The accounts that need not have given a sign of their functions, and why. What is not known of an account excuses nothing. */
export function withoutSigns(items: readonly JsonObject[], deployment: Deployment): ReadonlyMap<string, string> {
  const parents = new Map(configurationsOf(items, unitType).map((unit) => [ownString(unit, 'Id'), parentOf(unit)]))
  const excused = configurationsOf(items, accountType).flatMap((account): (readonly [string, string])[] => {
    const accountId = ownString(account, 'AccountId') ?? ownString(account, 'Id')
    const reason = newness(account, deployment) ?? distance(parentOf(account), parents, deployment)
    return accountId === undefined || reason === undefined ? [] : [[accountId, reason]]
  })
  return new Map(excused)
}

function configurationsOf(items: readonly JsonObject[], type: string): readonly JsonObject[] {
  const ones = items.filter((item) => ownString(item, 'resourceType') === type)
  return ones.map((item) => ownObject(item, 'configuration')).filter((one) => one !== undefined && isJsonObject(one))
}

/** Undefined where several are listed, or none. */
function parentOf(one: JsonObject): string | undefined {
  const [parent, ...others] = ownList(one, 'ParentIds')
  if (typeof parent === 'string' && others.length === 0) return parent
  return ownString(one, 'ParentId')
}

function newness(account: JsonObject, { at, maxAge }: Deployment): string | undefined {
  const joinedAt = Date.parse(ownString(account, 'JoinedTimestamp') ?? '')
  if (Number.isNaN(joinedAt) || at - joinedAt >= maxAge) return undefined
  return `the account joined on ${new Date(joinedAt).toISOString()}`
}

/** Undefined below one of the targets, and where nobody knows what an account is below. */
function distance(
  parent: string | undefined,
  parents: ReadonlyMap<string | undefined, string | undefined>,
  { targets }: Deployment,
): string | undefined {
  if (targets.length === 0) return undefined
  let place = parent
  for (let depth = 0; depth < MAX_DEPTH && place !== undefined; depth++) {
    if (targets.includes(place)) return undefined
    if (place.startsWith('r-')) return 'the account is in none of the units that are deployed to'
    place = parents.get(place)
  }
  return undefined
}
