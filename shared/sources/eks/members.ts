import type { JsonObject } from '../../model/json.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, covered, failureOf, forEachConcurrently, type Gap, type Reading, unlisted } from '../reading.ts'
import { CONCURRENCY, type EksReader, listClusterNames } from './reader.ts'

/** What looking at one node group or Fargate profile gave. */
export type MemberReading =
  | { readonly state: 'present'; readonly item: JsonObject; readonly gaps: readonly Gap[] }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/** The outcome of one call about a member. */
export function memberReading(answer: Answer<JsonObject>, resourceType: string, resourceArn?: string): MemberReading {
  switch (answer.state) {
    case 'known':
      return { state: 'present', item: answer.value, gaps: [] }
    case 'absent':
      return { state: 'gone' }
    case 'unknown': {
      const { reason, transience } = answer
      return {
        state: 'unknown',
        gap: { resourceType, ...(resourceArn === undefined ? {} : { resourceArn }), reason, transience },
      }
    }
  }
}

/**
 * Reads the members of every cluster. What disappears meanwhile is left out; any other failure leaves the listing
 * unknown, with the items that were read.
 */
export async function listMembers(
  reader: EksReader,
  type: string,
  namesIn: (clusterName: string) => Promise<Answer<readonly string[]>>,
  describe: (clusterName: string, name: string) => Promise<Answer<JsonObject>>,
): Promise<Reading> {
  const clusters = await listClusterNames(reader)
  if (clusters.state !== 'known') return unlisted(reader, [type], failureOf(clusters))
  const items: JsonObject[] = []
  const failures: ReadFailure[] = []
  await forEachConcurrently(clusters.value, CONCURRENCY, async (clusterName) => {
    const names = await namesIn(clusterName)
    if (names.state === 'unknown') failures.push(failureOf(names))
    for (const name of names.state === 'known' ? names.value : []) {
      const answer = await describe(clusterName, name)
      if (answer.state === 'known') items.push(answer.value)
      if (answer.state === 'unknown') failures.push(failureOf(answer))
    }
  })
  const gaps = failures.map((failure) => ({ resourceType: type, ...failure }))
  return { items, coverage: [covered(reader, type, failures[0])], gaps }
}
