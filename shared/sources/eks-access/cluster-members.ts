import type { JsonObject } from '../../model/json.ts'
import { CONCURRENCY, type EksReader } from '../eks/reader.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, covered, failureOf, forEachConcurrently, type Gap, type Reading } from '../reading.ts'

/** One member of a cluster: its item, and the parts of it that could not be read. */
export interface Member {
  readonly item: JsonObject
  readonly gaps: readonly Gap[]
}

/** How one type is read: the names of its members in a cluster, and each of them by its name. */
export interface MemberSource {
  readonly type: string
  namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>>
  describe(reader: EksReader, clusterName: string, name: string): Promise<Answer<Member>>
}

/**
 * Reads the members of the clusters. What disappears meanwhile is left out; any other failure leaves the listing
 * unknown, with the items that were read.
 */
export async function readMembers(
  reader: EksReader,
  clusterNames: readonly string[],
  { type, namesIn, describe }: MemberSource,
): Promise<Reading> {
  const failures: ReadFailure[] = []
  const found: { readonly clusterName: string; readonly name: string }[] = []
  await forEachConcurrently(clusterNames, CONCURRENCY, async (clusterName) => {
    const names = await namesIn(reader, clusterName)
    if (names.state === 'unknown') failures.push(failureOf(names))
    for (const name of names.state === 'known' ? names.value : []) found.push({ clusterName, name })
  })
  const members: Member[] = []
  await forEachConcurrently(found, CONCURRENCY, async ({ clusterName, name }) => {
    const answer = await describe(reader, clusterName, name)
    if (answer.state === 'known') members.push(answer.value)
    if (answer.state === 'unknown') failures.push(failureOf(answer))
  })
  const listingGaps = failures.map((failure) => ({ resourceType: type, ...failure }))
  return {
    items: members.map(({ item }) => item),
    coverage: [covered(reader, type, failures[0])],
    gaps: [...listingGaps, ...members.flatMap(({ gaps }) => gaps)],
  }
}
