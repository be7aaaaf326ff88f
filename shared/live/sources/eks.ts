import type { EKSClient } from '@aws-sdk/client-eks'
import type { ChangedResource } from '../../events/audit-request.ts'
import { eksViews } from '../../inventory/view-groups.ts'
import { parseArn, partitionOf } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { listClusters } from '../../sources/eks/clusters.ts'
import { listFargateProfiles, readFargateProfile } from '../../sources/eks/fargate-profiles.ts'
import type { MemberReading } from '../../sources/eks/members.ts'
import { listNodegroups, readNodegroup } from '../../sources/eks/nodegroups.ts'
import type { EksReader } from '../../sources/eks/reader.ts'
import { joinReadings } from '../../sources/reading.ts'
import type { JudgedOne, LiveReader, LiveResource, LiveSource } from '../live-source.ts'

const listings = new Map([
  ['AWS::EKS::Cluster', listClusters],
  ['AWS::EKS::Nodegroup', listNodegroups],
  ['AWS::EKS::FargateProfile', listFargateProfiles],
])

/** Clusters, managed node groups and Fargate profiles of the region. AWS Config records no node groups. */
export function eksSource(client: Pick<EKSClient, 'send'>): LiveSource {
  const at = (reader: LiveReader) => ({ ...reader, client })
  return {
    types: [...listings.keys()],
    views: [eksViews],
    list: async (reader, types) => {
      const wanted = types.flatMap((type) => listings.get(type) ?? [])
      return joinReadings(await Promise.all(wanted.map((listing) => listing(at(reader)))))
    },
    judged: new Map<string, JudgedOne>([
      judgedMember(at, 'AWS::EKS::FargateProfile', profile),
      judgedMember(at, 'AWS::EKS::Nodegroup', nodegroup),
    ]),
  }
}

/** A resource that belongs to a cluster: its ARN is `…:<kind>/<cluster>/<name>/<uuid>`, its id joins cluster and name. */
interface Member {
  readonly kind: string
  readonly separator: string
  readonly what: string
  readonly read: (reader: EksReader, cluster: string, name: string, arn: string) => Promise<MemberReading>
}

const profile: Member = {
  kind: 'fargateprofile',
  separator: '|',
  what: 'Fargate profile',
  read: readFargateProfile,
}
const nodegroup: Member = { kind: 'nodegroup', separator: '/', what: 'node group', read: readNodegroup }

function judgedMember(at: (reader: LiveReader) => EksReader, type: string, member: Member): [string, JudgedOne] {
  const refOf = (reader: LiveReader, resource: ChangedResource) => memberRef(reader, resource, member)
  return [type, { refOf, lookAt: (reader, ref) => lookAtMember(at(reader), ref, member) }]
}

/** The event names a member by its ARN, or its id names cluster and member. */
function memberRef(
  { accountId, region }: LiveReader,
  { type, id, arn }: ChangedResource,
  { kind, separator, what }: Member,
): ResourceRef {
  const prefix = `arn:${partitionOf(region)}:eks:${region}:${accountId}:${kind}/`
  const named = [arn ?? '', id, prefix + id.replace(separator, '/')]
  const found = named.find((text) => namesOf(text, kind) !== undefined)
  if (found === undefined || !found.startsWith(prefix)) {
    throw new InputError(`configurationItem.ARN: expected a ${what} of the account and region of this function`)
  }
  return { type, id, arn: found, accountId, region }
}

interface MemberNames {
  readonly cluster: string
  readonly name: string
  readonly uuid: string | undefined
}

function namesOf(arn: string, wanted: string): MemberNames | undefined {
  const parsed = parseArn(arn)
  const [kind, cluster, name, uuid] = parsed?.resource.split('/') ?? []
  if (parsed?.service !== 'eks' || kind !== wanted || !cluster || !name) return undefined
  return { cluster, name, uuid }
}

async function lookAtMember(reader: EksReader, ref: ResourceRef, { kind, what, read }: Member): Promise<LiveResource> {
  const names = namesOf(ref.arn, kind)
  if (names === undefined) throw new InputError(`configurationItem.ARN: expected a ${what}`)
  const reading = await read(reader, names.cluster, names.name, ref.arn)
  if (reading.state === 'unknown') return { state: 'unknown', gaps: [reading.gap] }
  // One made anew under the same name has another ARN, and an event of its own.
  const isOther = reading.state === 'present' && ownString(reading.item, 'arn') !== ref.arn
  if (isOther && names.uuid !== undefined) return { state: 'gone' }
  return reading
}
