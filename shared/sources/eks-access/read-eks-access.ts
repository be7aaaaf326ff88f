import { type EksReader, listClusterNames } from '../eks/reader.ts'
import { failureOf, joinReadings, type Reading, unlisted } from '../reading.ts'
import { accessEntries } from './access-entries.ts'
import { addons } from './addons.ts'
import { readMembers } from './cluster-members.ts'
import { podIdentityAssociations } from './pod-identity-associations.ts'

const sources = [podIdentityAssociations, accessEntries, addons]

/**
 * Reads the pod identity associations, access entries and add-ons of every cluster of the region; clusters are listed once.
 * `types`: those of the three that are wanted; all when missing.
 */
export async function readEksAccess(reader: EksReader, types?: ReadonlySet<string>): Promise<Reading> {
  const wanted = sources.filter(({ type }) => types === undefined || types.has(type))
  if (wanted.length === 0) return joinReadings([])
  const clusters = await listClusterNames(reader)
  if (clusters.state !== 'known') {
    return unlisted(
      reader,
      wanted.map(({ type }) => type),
      failureOf(clusters),
    )
  }
  const readings: Reading[] = []
  for (const source of wanted) readings.push(await readMembers(reader, clusters.value, source))
  return joinReadings(readings)
}
