// biome-ignore-all lint/suspicious/noExplicitAny: the fakes hold wire forms

/** The account and region the fixtures of single services speak of. */
export const homeAccount = '111122223333'
export const homeRegion = 'eu-central-1'

const networkId = /\b(?:vpc|vpce|subnet|sg|rtb|rtbassoc|acl|dopt|igw|eigw|nat|lt|tgw|pcx|rp|rpassoc|rpr)-\w+(?:-\w+)*/g

/** Ids of networks are unique in all of AWS. */
export function networkIdOf(id: string, accountId: string, region: string): string {
  return `${id}-${accountId}-${region.slice(0, 2)}`
}

/** The same with another account, region and network ids in every text. */
export function moved(value: any, accountId: string, region: string): any {
  if (typeof value === 'string') {
    const placed = value.replaceAll(homeAccount, accountId).replaceAll(homeRegion, region)
    return placed.replace(networkId, (id) => networkIdOf(id, accountId, region))
  }
  if (Array.isArray(value)) return value.map((one) => moved(one, accountId, region))
  if (value instanceof Map) return new Map(moved([...value], accountId, region))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one, accountId, region)]))
}
