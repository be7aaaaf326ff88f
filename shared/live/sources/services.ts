import { allViews } from '../../inventory/view-groups.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import type { EcrReader } from '../../sources/ecr/reader.ts'
import { readRepository } from '../../sources/ecr/repositories.ts'
import { withImages } from '../../sources/ecr-images/with-images.ts'
import { forEachConcurrently, type Gap, joinReadings, type Reading } from '../../sources/reading.ts'
import { inventoryOf } from '../judge.ts'
import type { LiveServices, ServiceUse } from '../live-services.ts'
import { ownRepositoriesOf } from '../own-repositories.ts'
import { recentReadings } from '../recent.ts'
import { listTypes } from './ecr.ts'
import { partly } from './partly.ts'
import { type PullingClients, readWorkloads } from './pulling-workloads.ts'

const repositoryType = 'AWS::ECR::Repository'
const types = ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition'] as const
/** Readings with more items than this are used once and forgotten. */
const MOST_ITEMS = 20_000
/** Repositories read at the same time. */
const CONCURRENCY = 4

/** Sees the services of one region. A burst of scans reads them once. */
export function liveServices(clients: PullingClients): LiveServices {
  const remembered = recentReadings<Reading>(1, ({ items, gaps }) => {
    return items.length <= MOST_ITEMS && gaps.every(({ transience }) => transience !== 'passing')
  })
  return {
    views: allViews,
    running: async (reader) => {
      const { value } = await remembered(reader, '*', () => readWorkloads(clients, reader, types))
      return value
    },
    uses,
    registry: async (reader, names, wanted) => {
      const at = { ...reader, client: clients.ecr }
      const besides = wanted.filter((type) => type !== repositoryType)
      return joinReadings(await Promise.all([readRepositories(at, names), listTypes(at, besides)]))
    },
  }
}

function uses(reading: Reading, own: Scope): readonly ServiceUse[] {
  const inventory = inventoryOf(reading, types, own, { views: allViews })
  return inventory.ecsServices.map((service) => ({
    arn: service.ref.arn,
    repositories: ownRepositoriesOf([service], inventory, own),
  }))
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
