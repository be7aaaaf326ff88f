import { pullThroughCacheRuleArn } from '../../shared/inventory/ecr-pull-through-cache.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { ownString } from '../../shared/model/json.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { isEcrType } from '../../shared/sources/ecr/permissions.ts'
import { covered, type EcrReader, type EcrReading, ecrArn, type Gap } from '../../shared/sources/ecr/reader.ts'
import { joinReadings, type RegistryType, readRegistry } from '../../shared/sources/ecr/registry.ts'
import { listRepositories, readRepository, repositoryArn } from '../../shared/sources/ecr/repositories.ts'

/** What looking at the judged resource itself gave. */
export type LiveResource =
  | { readonly state: 'present'; readonly item: JsonObject; readonly gaps: readonly Gap[] }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/** Looks at one resource by the name an event gave, whatever else the event says about it. */
export async function lookAt(reader: EcrReader, resource: ResourceRef): Promise<LiveResource> {
  if (resource.type === 'AWS::ECR::Repository') {
    const reading = await readRepository(reader, resource.id)
    return reading.state === 'unknown' ? { state: 'unknown', gaps: [reading.gap] } : reading
  }
  const { items, coverage, gaps } = await readRegistry(reader, [resource.type as RegistryType])
  if (coverage.some((row) => row.status === 'unknown')) return { state: 'unknown', gaps }
  const item = items.find((one) => ownString(one, 'arn') === resource.arn)
  return item === undefined ? { state: 'gone' } : { state: 'present', item, gaps }
}

/** Reads what a rule looks at besides the judged resource. */
export async function readContext(reader: EcrReader, rule: Rule): Promise<EcrReading> {
  return readTypes(
    reader,
    rule.reads.filter((type) => type !== rule.judges),
  )
}

/** Reads every resource a rule judges, and what it looks at besides. */
export async function readEverything(reader: EcrReader, rule: Rule): Promise<EcrReading> {
  return readTypes(
    reader,
    [...new Set([rule.judges, ...rule.reads])].filter((type) => type !== 'AWS::::Account'),
  )
}

async function readTypes(reader: EcrReader, types: readonly string[]): Promise<EcrReading> {
  const readable = types.filter(isEcrType)
  const registryTypes = readable.filter((type): type is RegistryType => type !== 'AWS::ECR::Repository')
  const readings = await Promise.all([
    readRegistry(reader, registryTypes),
    ...(registryTypes.length < readable.length ? [listRepositories(reader)] : []),
  ])
  return joinReadings([
    ...readings,
    unreadable(
      reader,
      types.filter((type) => !isEcrType(type)),
    ),
  ])
}

/** Types this function has no source for are unknown, and say so. */
function unreadable(reader: EcrReader, types: readonly string[]): EcrReading {
  const failure = (type: string) => ({ reason: `${type} is not read by this function`, transience: 'lasting' as const })
  return { items: [], coverage: types.map((type) => covered(reader, type, failure(type))), gaps: [] }
}

/**
 * The reference under which a judged resource is known, built from our own account and region and the id in the event.
 * @throws InputError for a type that is not judged one by one
 */
export function judgedRef(reader: EcrReader, type: string, id: string): ResourceRef {
  const scope = { accountId: reader.accountId, region: reader.region }
  switch (type) {
    case 'AWS::ECR::Repository':
      return { type, id, arn: repositoryArn(reader, id), ...scope }
    case 'AWS::ECR::RegistryPolicy':
      return { type, id, arn: ecrArn(reader, `registry/${reader.accountId}`), ...scope }
    case 'AWS::ECR::PullThroughCacheRule':
      return { type, id, arn: pullThroughCacheRuleArn(reader, id), ...scope }
    case 'AWS::::Account':
      return { type, id: reader.accountId, arn: ecrArn(reader, `registry/${reader.accountId}`), ...scope }
    default:
      throw new InputError(`configurationItem.resourceType: ${type} is not judged`)
  }
}
