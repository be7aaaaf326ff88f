import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ChangedResource } from '../../events/audit-request.ts'
import { pullThroughCacheRuleArn } from '../../inventory/ecr-pull-through-cache.ts'
import { registryViews } from '../../inventory/view-groups.ts'
import { ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { isEcrType, permissions } from '../../sources/ecr/permissions.ts'
import { type EcrReader, ecrArn } from '../../sources/ecr/reader.ts'
import { type RegistryType, readRegistry } from '../../sources/ecr/registry.ts'
import { listRepositories, readRepository, repositoryArn } from '../../sources/ecr/repositories.ts'
import { joinReadings, type Reading } from '../../sources/reading.ts'
import type { JudgedOne, LiveReader, LiveResource, LiveSource } from '../live-source.ts'

/** The private registry of the account and region. */
export function ecrSource(client: Pick<ECRClient, 'send'>): LiveSource {
  const at = (reader: LiveReader): EcrReader => ({ ...reader, client })
  const judgedAs = (arnOf: (reader: LiveReader, id: string) => string, lookAt: Look): JudgedOne => ({
    refOf: (reader, resource) => refOf(reader, resource, arnOf(reader, resource.id)),
    lookAt: (reader, ref) => lookAt(at(reader), ref),
  })
  const registryOf = (reader: LiveReader) => ecrArn(reader, `registry/${reader.accountId}`)
  return {
    types: [...new Set(permissions.flatMap(({ reads }) => [...reads]))],
    views: [registryViews],
    list: (reader, types) => listTypes(at(reader), types),
    judged: new Map([
      ['AWS::ECR::Repository', judgedAs(repositoryArn, lookAtRepository)],
      ['AWS::ECR::RegistryPolicy', judgedAs(registryOf, lookInRegistry)],
      ['AWS::ECR::PullThroughCacheRule', judgedAs(pullThroughCacheRuleArn, lookInRegistry)],
    ]),
  }
}

type Look = (reader: EcrReader, ref: ResourceRef) => Promise<LiveResource>

function refOf({ accountId, region }: LiveReader, { type, id }: ChangedResource, arn: string): ResourceRef {
  return { type, id, arn, accountId, region }
}

async function lookAtRepository(reader: EcrReader, { id }: ResourceRef): Promise<LiveResource> {
  const reading = await readRepository(reader, id)
  return reading.state === 'unknown' ? { state: 'unknown', gaps: [reading.gap] } : reading
}

async function lookInRegistry(reader: EcrReader, ref: ResourceRef): Promise<LiveResource> {
  const { items, coverage, gaps } = await readRegistry(reader, [ref.type as RegistryType])
  if (coverage.some((row) => row.status === 'unknown')) return { state: 'unknown', gaps }
  const item = items.find((one) => ownString(one, 'arn') === ref.arn)
  return item === undefined ? { state: 'gone' } : { state: 'present', item, gaps }
}

/** Reads every resource of the types that are ECR's. */
export async function listTypes(reader: EcrReader, types: readonly string[]): Promise<Reading> {
  const readable = types.filter(isEcrType)
  const registryTypes = readable.filter((type): type is RegistryType => type !== 'AWS::ECR::Repository')
  const readings = await Promise.all([
    readRegistry(reader, registryTypes),
    ...(registryTypes.length < readable.length ? [listRepositories(reader)] : []),
  ])
  return joinReadings(readings)
}
