import { type CapacityProvider, DescribeCapacityProvidersCommand } from '@aws-sdk/client-ecs'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import {
  askPages,
  covered,
  failureOf,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
  unlisted,
} from '../reading.ts'
import type { EcsReader } from './reader.ts'

const TYPE = 'AWS::ECS::CapacityProvider'
const ACTION = 'ecs:DescribeCapacityProviders'

/** Reads all capacity providers of the region with the Auto Scaling groups behind them, FARGATE and FARGATE_SPOT included. */
export async function listCapacityProviders(reader: EcsReader): Promise<Reading> {
  const answer = await askPages(reader, ACTION, undefined, async (nextToken, abortSignal) => {
    // Ten is the most ECS hands over.
    const command = new DescribeCapacityProvidersCommand({ maxResults: 10, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    if ((output.failures ?? []).length > 0) throw new MalformedAnswer('failures in a listing')
    const entries = needList(output.capacityProviders, 'capacityProviders').map((one) => itemOf(reader, one))
    return { entries, nextToken: output.nextToken }
  })
  if (answer.state !== 'known') return unlisted(reader, [TYPE], failureOf(answer))
  return { items: answer.value, coverage: [covered(reader, TYPE)], gaps: [] }
}

function itemOf(reader: EcsReader, provider: CapacityProvider): JsonObject {
  const name = needText(provider.name, 'name')
  const group = provider.autoScalingGroupProvider
  const configuration = present({
    Name: name,
    AutoScalingGroupProvider: group && {
      AutoScalingGroupArn: needText(group.autoScalingGroupArn, 'autoScalingGroupArn'),
    },
    // That ECS runs the instances is all that matters: no Auto Scaling group stands behind the name.
    ManagedInstancesProvider: provider.managedInstancesProvider && {},
  })
  return rawItem(reader, TYPE, { id: name, arn: needText(provider.capacityProviderArn, 'ARN') }, configuration)
}
