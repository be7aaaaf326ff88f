import type { EKSClient } from '@aws-sdk/client-eks'
import type { ChangedResource } from '../../../shared/events/audit-request.ts'
import { parseArn, partitionOf } from '../../../shared/model/arn.ts'
import { InputError } from '../../../shared/model/errors.ts'
import { ownString } from '../../../shared/model/json.ts'
import type { ResourceRef } from '../../../shared/model/resource.ts'
import { listClusters } from '../../../shared/sources/eks/clusters.ts'
import { listFargateProfiles, readFargateProfile } from '../../../shared/sources/eks/fargate-profiles.ts'
import { listNodegroups } from '../../../shared/sources/eks/nodegroups.ts'
import type { EksReader } from '../../../shared/sources/eks/reader.ts'
import { joinReadings } from '../../../shared/sources/reading.ts'
import type { LiveReader, LiveResource, LiveSource } from '../live-source.ts'

const listings = new Map([
  ['AWS::EKS::Cluster', listClusters],
  ['AWS::EKS::Nodegroup', listNodegroups],
  ['AWS::EKS::FargateProfile', listFargateProfiles],
])

/** Clusters, managed node groups and Fargate profiles of the region. Node groups have no events: AWS Config records none. */
export function eksSource(client: Pick<EKSClient, 'send'>): LiveSource {
  const at = (reader: LiveReader) => ({ ...reader, client })
  return {
    types: [...listings.keys()],
    list: async (reader, types) => {
      const wanted = types.flatMap((type) => listings.get(type) ?? [])
      return joinReadings(await Promise.all(wanted.map((listing) => listing(at(reader)))))
    },
    judged: new Map([
      ['AWS::EKS::FargateProfile', { refOf: profileRef, lookAt: (reader, ref) => lookAtProfile(at(reader), ref) }],
    ]),
  }
}

/** The event names a profile by its ARN, `…:fargateprofile/<cluster>/<name>/<uuid>`, or its id is `<cluster>|<name>`. */
function profileRef({ accountId, region }: LiveReader, { type, id, arn }: ChangedResource): ResourceRef {
  const prefix = `arn:${partitionOf(region)}:eks:${region}:${accountId}:fargateprofile/`
  const found = [arn ?? '', id, prefix + id.replace('|', '/')].find((text) => namesOf(text) !== undefined)
  if (found === undefined || !found.startsWith(prefix)) {
    throw new InputError('configurationItem.ARN: expected a Fargate profile of the account and region of this function')
  }
  return { type, id, arn: found, accountId, region }
}

interface ProfileNames {
  readonly cluster: string
  readonly profile: string
  readonly uuid: string | undefined
}

function namesOf(arn: string): ProfileNames | undefined {
  const parsed = parseArn(arn)
  const [kind, cluster, profile, uuid] = parsed?.resource.split('/') ?? []
  if (parsed?.service !== 'eks' || kind !== 'fargateprofile' || !cluster || !profile) return undefined
  return { cluster, profile, uuid }
}

async function lookAtProfile(reader: EksReader, ref: ResourceRef): Promise<LiveResource> {
  const names = namesOf(ref.arn)
  if (names === undefined) throw new InputError('configurationItem.ARN: expected a Fargate profile')
  const reading = await readFargateProfile(reader, names.cluster, names.profile, ref.arn)
  if (reading.state === 'unknown') return { state: 'unknown', gaps: [reading.gap] }
  // A profile made anew under the same name has another ARN, and an event of its own.
  const isOther = reading.state === 'present' && ownString(reading.item, 'arn') !== ref.arn
  if (isOther && names.uuid !== undefined) return { state: 'gone' }
  return reading
}
