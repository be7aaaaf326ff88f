import {
  DescribeManagedPrefixListsCommand,
  DescribeTransitGatewayRouteTablesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import { type Answer, ask, needList, needText, type Reader } from '../reading.ts'
import type { SampleKind } from './probe.ts'

/** Finds one resource of a kind to try permissions on; each kind is looked up once. */
export function samples(
  reader: Reader & { readonly client: Pick<EC2Client, 'send'> },
): (kind: SampleKind) => Promise<Answer<string>> {
  const found = new Map<SampleKind, Promise<Answer<string>>>()
  return (kind) => {
    const answer = found.get(kind) ?? lookUp[kind](reader)
    found.set(kind, answer)
    return answer
  }
}

type SampleReader = Parameters<typeof samples>[0]

const lookUp: Record<SampleKind, (reader: SampleReader) => Promise<Answer<string>>> = {
  vpc: async (reader) =>
    first(
      await ask(
        reader,
        'ec2:DescribeVpcs',
        undefined,
        (abortSignal) => reader.client.send(new DescribeVpcsCommand({ MaxResults: 5 }), { abortSignal }),
        ({ Vpcs }) => needList(Vpcs, 'Vpcs').map(({ VpcId }) => VpcId),
      ),
    ),
  'prefix list': async (reader) =>
    first(
      await ask(
        reader,
        'ec2:DescribeManagedPrefixLists',
        undefined,
        (abortSignal) => reader.client.send(new DescribeManagedPrefixListsCommand({ MaxResults: 5 }), { abortSignal }),
        ({ PrefixLists }) => needList(PrefixLists, 'PrefixLists').map(({ PrefixListId }) => PrefixListId),
      ),
    ),
  'transit gateway route table': async (reader) =>
    first(
      await ask(
        reader,
        'ec2:DescribeTransitGatewayRouteTables',
        undefined,
        (abortSignal) =>
          reader.client.send(new DescribeTransitGatewayRouteTablesCommand({ MaxResults: 5 }), { abortSignal }),
        ({ TransitGatewayRouteTables }) =>
          needList(TransitGatewayRouteTables, 'TransitGatewayRouteTables').map(
            ({ TransitGatewayRouteTableId }) => TransitGatewayRouteTableId,
          ),
      ),
    ),
}

function first(answer: Answer<readonly (string | undefined)[]>): Answer<string> {
  if (answer.state !== 'known') return answer
  const [id] = answer.value
  return id === undefined ? { state: 'absent' } : { state: 'known', value: needText(id, 'an id') }
}
