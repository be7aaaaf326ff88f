import type { ReplicationEvent } from '../../shared/events/ecr-replication.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import { repositoryArn } from '../../shared/sources/ecr/repositories.ts'
import { type FailureKind, failureFinding, type Said, type TimedFinding } from './finding.ts'
import { describeImage, type LiveImage } from './live-image.ts'
import { stillOpen } from './open-findings.ts'
import { answered } from './patience.ts'
import { NotReadYet, type View } from './view.ts'

const url = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html'

/** The repository of an event, in the own registry. */
export function repositoryRef({ accountId, region }: View['reader'], name: string): ResourceRef {
  const arn = repositoryArn({ accountId, region }, name)
  return { type: 'AWS::ECR::Repository', id: name, arn, accountId, region }
}

/** Decides about a replication by whether the image is here, whatever the event says of it. */
export async function decideReplication(view: View, event: ReplicationEvent): Promise<readonly TimedFinding[]> {
  const { clients, reader } = view
  const ref = repositoryRef(reader, event.repositoryName)
  const kind = `replication/${event.imageDigest}` as const
  const at = { ...reader, client: clients.ecr }
  const answer = await answered(view.waiting, () => describeImage(at, event.repositoryName, event.imageDigest))
  switch (answer.state) {
    case 'known':
      return arrived(view, ref, kind, event, answer.value)
    case 'absent':
      // It may have been deleted since it arrived: only a failure says that it never did.
      return event.succeeded ? [] : [{ at: event.time, finding: failureFinding(kind, ref, lacking(event)) }]
    case 'unknown':
      if (answer.transience === 'passing') throw new NotReadYet(`image of ${ref.arn}: ${answer.reason}`)
      return event.succeeded
        ? []
        : [{ at: event.time, finding: failureFinding(kind, ref, unreadable(event, answer.reason)) }]
    default:
      return answer satisfies never
  }
}

/** An image that is here needs nothing, and where a finding says otherwise it is closed. */
async function arrived(
  view: View,
  ref: ResourceRef,
  kind: FailureKind,
  { imageDigest, repositoryName, time }: ReplicationEvent,
  { pushedAt }: LiveImage,
): Promise<readonly TimedFinding[]> {
  const [open] = await stillOpen(view, ref, [kind])
  if (open === undefined) return []
  const at = [pushedAt ?? time, time].find((one) => Date.parse(one) > Date.parse(open.updatedAt)) ?? view.reader.readAt
  const reason = `The image ${imageDigest} is in ${repositoryName} now.`
  const evidence = [
    { source: `images of ${ref.arn}`, detail: `${imageDigest}, here since ${pushedAt ?? 'a time ECR does not state'}` },
  ]
  return [{ at, finding: failureFinding(kind, ref, { compliance: 'COMPLIANT', reason, evidence }) }]
}

function lacking(event: ReplicationEvent): Said {
  const { imageDigest, repositoryName, sourceRegion } = event
  return {
    compliance: 'NON_COMPLIANT',
    reason: `The image ${imageDigest} of ${from(event)} is not in ${repositoryName}: ECR reports that its replication failed, and the registry does not hold it.`,
    evidence: [
      { source: 'event of ECR', detail: `replication of ${imageDigest} from ${from(event)} failed` },
      { source: `images of ${repositoryName}`, detail: `none has the digest ${imageDigest}` },
    ],
    remediation: { text: fixOf(event, sourceRegion), url },
  }
}

function unreadable(event: ReplicationEvent, missing: string): Said {
  return {
    compliance: 'UNDETERMINED',
    transience: 'lasting',
    reason: `ECR reports that the replication of ${event.imageDigest} from ${from(event)} failed. Whether the image is in ${event.repositoryName} could not be read: ${missing}.`,
    evidence: [{ source: 'missing fact', detail: missing }],
    remediation: { text: fixOf(event, event.sourceRegion), url },
  }
}

function from({ sourceAccount, sourceRegion }: ReplicationEvent): string {
  return `account ${sourceAccount} in ${sourceRegion}`
}

function fixOf({ sourceAccount, accountId, repositoryName }: ReplicationEvent, sourceRegion: string): string {
  const allow =
    sourceAccount === accountId
      ? ''
      : ` Let account ${sourceAccount} ecr:ReplicateImage and ecr:CreateRepository on ${repositoryName} in the registry policy here.`
  return `Push the image again in ${sourceRegion} once the cause is mended: ECR does not repeat a failed replication.${allow} A tag that is immutable here, or a KMS key that may not be used, also stops it.`
}
