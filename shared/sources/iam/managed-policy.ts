import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, forEachConcurrently, type Gap, gapsOf, needText } from '../reading.ts'
import { rememberedOfAws } from './aws-policy-memory.ts'
import { policyItem } from './items.ts'
import { type IamReader, isAwsManaged, type PolicyChoice, policyType, readsAwsManaged } from './reader.ts'

/** Policies read at the same time. */
const CONCURRENCY = 4

/** What reading managed policies gave: an item for each that could be read, a gap for each that could not. */
export interface PoliciesReading {
  readonly items: readonly JsonObject[]
  readonly gaps: readonly Gap[]
}

/** Policies already read, by ARN: hand the same map to several readings that belong to one moment. */
export type PolicyMemo = Map<string, Promise<Answer<JsonObject>>>

/**
 * Reads the default versions of managed policies, each ARN once. Policies of AWS are passed over unless the choice says
 * otherwise. A policy that is attached and yet not found changed while we read: a passing gap.
 */
export async function readManagedPolicies(
  reader: IamReader,
  arns: readonly string[],
  choice: PolicyChoice,
  memo: PolicyMemo = new Map(),
): Promise<PoliciesReading> {
  const wanted = [...new Set(arns)].filter((arn) => readsAwsManaged(choice) || !isAwsManaged(arn))
  const items: JsonObject[] = []
  const gaps: Gap[] = []
  await forEachConcurrently(wanted, CONCURRENCY, async (arn) => {
    const answer = await (choice.awsManaged === 'remember' && isAwsManaged(arn)
      ? rememberedOfAws(reader, arn, () => remembered(reader, arn, memo))
      : remembered(reader, arn, memo))
    if (answer.state === 'known') items.push(answer.value)
    if (answer.state === 'absent') gaps.push(vanished(arn))
    gaps.push(...gapsOf(answer, policyType, arn))
  })
  return { items, gaps }
}

function vanished(arn: string): Gap {
  const reason = `iam:GetPolicy found no policy ${arn}, which a role holds`
  return { resourceType: policyType, resourceArn: arn, reason, transience: 'passing' }
}

function remembered(reader: IamReader, arn: string, memo: PolicyMemo): Promise<Answer<JsonObject>> {
  const answer = memo.get(arn) ?? readPolicy(reader, arn)
  memo.set(arn, answer)
  return answer
}

async function readPolicy(reader: IamReader, arn: string): Promise<Answer<JsonObject>> {
  const policy = await ask(
    reader,
    'iam:GetPolicy',
    'NoSuchEntityException',
    (abortSignal) => reader.client.send(new GetPolicyCommand({ PolicyArn: arn }), { abortSignal }),
    (output) => {
      if (output.Policy === undefined || output.Policy.Arn !== arn) throw new MalformedAnswer('another policy')
      const VersionId = needText(output.Policy.DefaultVersionId, 'DefaultVersionId')
      // Read before the second call, so that an answer that cannot become an item fails here.
      policyItem(reader, output.Policy, '')
      return { policy: output.Policy, VersionId }
    },
  )
  if (policy.state !== 'known') return policy
  const { VersionId } = policy.value
  return ask(
    reader,
    'iam:GetPolicyVersion',
    'NoSuchEntityException',
    (abortSignal) => reader.client.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }), { abortSignal }),
    ({ PolicyVersion }) => {
      if (PolicyVersion?.VersionId !== VersionId) throw new MalformedAnswer('another version')
      return policyItem(reader, policy.value.policy, needText(PolicyVersion.Document, 'Document'))
    },
  )
}
