import type { LiveReader } from '../../shared/live/live-source.ts'
import { recentReadings } from '../../shared/live/recent.ts'
import { listTypes } from '../../shared/live/sources/ecr.ts'
import { partly } from '../../shared/live/sources/partly.ts'
import { type PullingClients, readWorkloads } from '../../shared/live/sources/pulling-workloads.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import type { EcrReader } from '../../shared/sources/ecr/reader.ts'
import { readRepository } from '../../shared/sources/ecr/repositories.ts'
import { withImages } from '../../shared/sources/ecr-images/with-images.ts'
import { forEachConcurrently, type Gap, joinReadings, type Reading } from '../../shared/sources/reading.ts'

const repositoryType = 'AWS::ECR::Repository'
const types = ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition'] as const
/** Readings with more items than this are used once and forgotten. */
const MOST_ITEMS = 20_000
/** Repositories read at the same time. */
const CONCURRENCY = 4

/** Services of the region and the images they run, seen live. */
export interface LiveServices {
  /** Services with the task definitions they use: read at most 60 seconds ago, and not before a change the reader is to see. */
  readonly running: (reader: LiveReader) => Promise<Reading>
  /** These repositories with their images, all others are not listed; and what else of the registry is among the types. */
  readonly registry: (reader: LiveReader, names: readonly string[], types: readonly string[]) => Promise<Reading>
}

/** Sees the services of one region. A burst of scans reads them once. */
export function liveServices(clients: PullingClients): LiveServices {
  const remembered = recentReadings<Reading>(1, ({ items, gaps }) => {
    return items.length <= MOST_ITEMS && gaps.every(({ transience }) => transience !== 'passing')
  })
  return {
    running: async (reader) => {
      const { value } = await remembered(reader, '*', () => readWorkloads(clients, reader, types))
      return value
    },
    registry: async (reader, names, wanted) => {
      const at = { ...reader, client: clients.ecr }
      const besides = wanted.filter((type) => type !== repositoryType)
      return joinReadings(await Promise.all([readRepositories(at, names), listTypes(at, besides)]))
    },
  }
}

async function readRepositories(at: EcrReader, names: readonly string[]): Promise<Reading> {
  const items: JsonObject[] = []
  const gaps: Gap[] = []
  await forEachConcurrently(names, CONCURRENCY, async (name) => {
    const found = await readRepository(at, name)
    if (found.state === 'present') items.push(found.item)
    if (found.state === 'present') gaps.push(...found.gaps)
    if (found.state === 'unknown') gaps.push(found.gap)
  })
  const complete = gaps.every(({ resourceArn }) => items.some((item) => item.arn === resourceArn))
  const listed = await withImages(at, items)
  const gone = names.length - listed.items.length
  const coverage = [partly(at, repositoryType, { answered: complete, gone })]
  return joinReadings([listed, { items: [], coverage, gaps }])
}
