import { DescribeDeliveryChannelsCommand } from '@aws-sdk/client-config-service'
import { DescribeHubCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { ConfigReader } from '../config-query/reader.ts'
import { errorName } from '../failure.ts'
import { type Answer, ask, needList, needText, type Reader } from '../reading.ts'

/** The bucket AWS Config delivers files to; absent without a delivery channel. */
export async function deliveryBucket(reader: ConfigReader): Promise<Answer<string>> {
  const answer = await ask(
    reader,
    'config:DescribeDeliveryChannels',
    undefined,
    (abortSignal) => reader.client.send(new DescribeDeliveryChannelsCommand({}), { abortSignal }),
    ({ DeliveryChannels }) => needList(DeliveryChannels, 'DeliveryChannels'),
  )
  if (answer.state !== 'known') return answer
  const [channel] = answer.value
  return channel === undefined ? { state: 'absent' } : { state: 'known', value: channel.s3BucketName ?? '' }
}

const notEnabled: ReadonlySet<string> = new Set(['InvalidAccessException', 'ResourceNotFoundException'])

/** The ARN of the account's hub in the region; absent where Security Hub is not enabled. */
export function securityHub(
  reader: Reader & { readonly client: Pick<SecurityHubClient, 'send'> },
): Promise<Answer<string>> {
  return ask(
    reader,
    'securityhub:DescribeHub',
    (error) => notEnabled.has(errorName(error)),
    (abortSignal) => reader.client.send(new DescribeHubCommand({}), { abortSignal }),
    ({ HubArn }) => needText(HubArn, 'HubArn'),
  )
}
