import { isJsonObject, type JsonObject, ownList, ownObject, ownString } from '../../model/json.ts'

/** Ids of the prefix lists to which routes of these route tables lead without stating addresses of their own. */
export function prefixListIdsInTables(items: readonly JsonObject[]): readonly string[] {
  const routes = items.flatMap((item) => ownList(ownObject(item, 'supplementaryConfiguration') ?? {}, 'routes'))
  const named = routes
    .filter(isJsonObject)
    .filter((route) => ownString(route, 'DestinationCidrBlock') === undefined)
    .flatMap((route) => ownString(route, 'PrefixListId') ?? [])
  return [...new Set(named)]
}
