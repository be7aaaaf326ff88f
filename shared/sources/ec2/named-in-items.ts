import { isJsonObject, type JsonObject, type JsonValue, ownObject, ownString } from '../../model/json.ts'

/** Ids of the prefix lists that routes and rules of these items name. */
export function prefixListIdsIn(items: readonly JsonObject[]): readonly string[] {
  return textsUnder(items, new Set(['DestinationPrefixListId', 'PrefixListId']))
}

/** Ids of the security groups that rules and endpoints of these items name. */
export function groupIdsIn(items: readonly JsonObject[]): readonly string[] {
  return textsUnder(items, new Set(['GroupId']))
}

/** Ids of the VPC endpoints to which records of hosted zones lead (`vpce-….ecr.dkr.<region>.vpce.amazonaws.com`). */
export function endpointIdsIn(zones: readonly JsonObject[]): readonly string[] {
  const targets = zones.flatMap((zone) =>
    textsIn(ownObject(zone, 'supplementaryConfiguration') ?? {}, new Set(['DNSName', 'Value'])),
  )
  return [...new Set(targets.flatMap((target) => /(?:^|\.)(vpce-[0-9a-f]+)-/.exec(target.toLowerCase())?.[1] ?? []))]
}

function textsUnder(items: readonly JsonObject[], names: ReadonlySet<string>): readonly string[] {
  return [...new Set(items.flatMap((item) => textsIn(ownObject(item, 'configuration') ?? {}, names)))]
}

/** Every text that stands under one of the names, however deep. */
function textsIn(root: JsonObject, names: ReadonlySet<string>): readonly string[] {
  const found: string[] = []
  const open: JsonValue[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) open.push(...value)
    if (!isJsonObject(value)) continue
    for (const name of names) found.push(...[ownString(value, name) ?? []].flat())
    open.push(...Object.values(value))
  }
  return found
}
