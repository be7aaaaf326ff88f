import type { ECRClient } from '@aws-sdk/client-ecr'
import { taskDefinitionOf } from '../../inventory/ecs-task-definition.ts'
import { normalizeItem } from '../../inventory/normalize-item.ts'
import type { JsonObject } from '../../model/json.ts'
import { privateImagesOf } from '../../pull/task-can-pull.ts'
import type { EcrReader } from '../../sources/ecr/reader.ts'
import { readRepository } from '../../sources/ecr/repositories.ts'
import { forEachConcurrently, joinReadings, type Reading } from '../../sources/reading.ts'
import type { Focus, LiveReader, LiveSource } from '../live-source.ts'
import { ecrSource, listTypes } from './ecr.ts'
import { partly } from './partly.ts'

const TYPE = 'AWS::ECR::Repository'
/** Repositories read at the same time. */
const CONCURRENCY = 4

/**
 * Rules that ask about the repositories a task definition names and no others. Any other rule gets all repositories, at two
 * calls each, because a policy of any of them may name the role.
 */
const rulesOnNamedRepositories: ReadonlySet<string> = new Set(['ecs-execution-role-can-pull'])

/** The registry as rules on roles need it: for some of them the named repositories are enough. `source` lists all others. */
export function ecrSourceForRoles(client: Pick<ECRClient, 'send'>, source = ecrSource(client)): LiveSource {
  return {
    ...source,
    around: async (reader, types, focus) => {
      const names = types.includes(TYPE) ? namesIn(reader, focus) : undefined
      if (names === undefined) return source.list(reader, types)
      const at: EcrReader = { ...reader, client }
      const others = types.filter((type) => type !== TYPE)
      return joinReadings(await Promise.all([listTypes(at, others), readNamed(at, names)]))
    },
  }
}

/** Undefined when the decision may ask about any repository. */
function namesIn({ accountId, region }: LiveReader, { rule, item }: Focus): readonly string[] | undefined {
  if (!rulesOnNamedRepositories.has(rule.id)) return undefined
  const normalized = normalizeItem(item)
  if (!normalized.ok || normalized.deleted) return undefined
  const images = privateImagesOf(taskDefinitionOf(normalized.item))
  if (images.state !== 'known') return images.state === 'absent' ? [] : undefined
  const own = images.value.filter((image) => image.accountId === accountId && image.region === region)
  return [...new Set(own.map(({ repository }) => repository))]
}

async function readNamed(reader: EcrReader, names: readonly string[]): Promise<Reading> {
  const items: JsonObject[] = []
  const gaps: Reading['gaps'][number][] = []
  let gone = 0
  await forEachConcurrently(names, CONCURRENCY, async (name) => {
    const reading = await readRepository(reader, name)
    if (reading.state === 'present') {
      items.push(reading.item)
      gaps.push(...reading.gaps)
    }
    if (reading.state === 'gone') gone += 1
    if (reading.state === 'unknown') gaps.push(reading.gap)
  })
  const answered = items.length + gone === names.length
  return { items, coverage: [partly(reader, TYPE, { answered, gone })], gaps }
}
