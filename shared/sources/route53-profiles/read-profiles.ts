import { partitionOf } from '../../model/arn.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  askPages,
  covered,
  failureOf,
  forEachConcurrently,
  type Gap,
  needList,
  needText,
  present,
  type Reader,
  type Reading,
  rawItem,
  unlisted,
  unread,
} from '../reading.ts'
import type { ProfileAssociation, ProfileResourceAssociation, Route53ProfilesClient } from './client.ts'
import { doubtAbout, isGone } from './status.ts'

const associationType = 'AWS::Route53Profiles::ProfileAssociation'
const resourceType = 'AWS::Route53Profiles::ProfileResourceAssociation'
/** Profiles read at the same time. */
const CONCURRENCY = 2

/** Where and with what to read Route 53 Profiles. */
export interface ProfilesReader extends Reader {
  readonly client: Route53ProfilesClient
}

/** An association as it is written down, and the gap it leaves when nobody can say whether it is in effect. */
interface Association {
  readonly profileId: string
  readonly item: JsonObject
  readonly gaps: readonly Gap[]
}

/** Reads which Route 53 Profiles are associated with VPCs of the account in the region, and what each of these carries. */
export async function readProfiles(reader: ProfilesReader): Promise<Reading> {
  const listed = await listAssociations(reader)
  if (listed.state !== 'known') return unlisted(reader, [associationType, resourceType], failureOf(listed))
  const associations = listed.value
  const resources: Association[] = []
  const failures: ReadFailure[] = []
  const profileIds = [...new Set(associations.map(({ profileId }) => profileId))]
  await forEachConcurrently(profileIds, CONCURRENCY, async (profileId) => {
    const answer = await listResources(reader, profileId)
    if (answer.state === 'known') resources.push(...answer.value)
    else failures.push(failureOf(answer))
  })
  const all = [...associations, ...resources]
  return {
    items: all.map(({ item }) => item),
    coverage: [covered(reader, associationType), covered(reader, resourceType, failures[0])],
    gaps: [...failures.map((failure) => ({ resourceType, ...failure })), ...all.flatMap(({ gaps }) => gaps)],
  }
}

function listAssociations(reader: ProfilesReader): Promise<Answer<readonly Association[]>> {
  return askPages(reader, 'route53profiles:ListProfileAssociations', undefined, async (token, abortSignal) => {
    const page = await reader.client.listProfileAssociations(token, { abortSignal })
    const entries = needList(page.entries, 'ProfileAssociations').flatMap((one) => associationOf(reader, one))
    return { entries, nextToken: page.NextToken }
  })
}

/** A profile that a VPC is associated with exists: not to find it is a contradiction, no absence. */
function listResources(reader: ProfilesReader, profileId: string): Promise<Answer<readonly Association[]>> {
  return askPages(reader, 'route53profiles:ListProfileResourceAssociations', undefined, async (token, abortSignal) => {
    const page = await reader.client.listProfileResourceAssociations(profileId, token, { abortSignal })
    const listed = needList(page.entries, 'ProfileResourceAssociations')
    const entries = listed.flatMap((one) => resourceOf(reader, profileId, one))
    return { entries, nextToken: page.NextToken }
  })
}

/**
 * The association that may or may not be in effect keeps its VPC and loses its profile: what answers in that VPC is unknown
 * then, without a word about other VPCs.
 */
function associationOf(reader: ProfilesReader, one: ProfileAssociation): readonly Association[] {
  const { Status } = needObject(one)
  if (isGone(Status)) return []
  const id = needText(one.Id, 'Id')
  const profileId = needText(one.ProfileId, 'ProfileId')
  const vpcId = needText(one.ResourceId, 'ResourceId')
  const arn = arnOf(reader, 'profile-association', id)
  const doubt = doubtAbout(Status, `the association ${id} with the Route 53 Profile ${profileId}`)
  const configuration = present({
    Id: id,
    ProfileId: doubt === undefined ? profileId : unread(doubt),
    // The documentation calls it an ARN; the service states the id.
    ResourceId: vpcId.slice(vpcId.lastIndexOf('/') + 1),
    Status,
  })
  const item = rawItem(reader, associationType, { id, arn }, configuration)
  return [{ profileId, item, gaps: gapOf(associationType, arn, doubt) }]
}

/** A resource that may or may not be in effect is left out of its association: what the profile carries is unknown then. */
function resourceOf(
  reader: ProfilesReader,
  profileId: string,
  one: ProfileResourceAssociation,
): readonly Association[] {
  const { Status } = needObject(one)
  if (isGone(Status)) return []
  if (one.ProfileId !== profileId) throw new MalformedAnswer('the association of another profile')
  const id = needText(one.Id, 'Id')
  const resourceArn = needText(one.ResourceArn, 'ResourceArn')
  const arn = arnOf(reader, 'profile-resource-association', id)
  const doubt = doubtAbout(Status, `the association ${id} of a resource with the Route 53 Profile ${profileId}`)
  const configuration = present({
    Id: id,
    ProfileId: profileId,
    ResourceArn: doubt === undefined ? resourceArn : undefined,
    ResourceType: one.ResourceType,
    Status,
  })
  const item = rawItem(reader, resourceType, { id, arn }, configuration)
  return [{ profileId, item, gaps: gapOf(resourceType, arn, doubt) }]
}

function gapOf(type: string, resourceArn: string, doubt: ReadFailure | undefined): readonly Gap[] {
  return doubt === undefined ? [] : [{ resourceType: type, resourceArn, ...doubt }]
}

/** AWS names no ARN for associations of resources; theirs is made like that of associations. */
function arnOf({ region, accountId }: Reader, kind: string, id: string): string {
  return `arn:${partitionOf(region)}:route53profiles:${region}:${accountId}:${kind}/${id}`
}

function needObject<T>(value: T): T {
  if (!isJsonObject(value)) throw new MalformedAnswer('an association that is no object')
  return value
}
