import {
  DescribeManagedPrefixListsCommand,
  GetManagedPrefixListEntriesCommand,
  type ManagedPrefixList,
} from '@aws-sdk/client-ec2'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  askPages,
  covered,
  failureOf,
  forEachConcurrently,
  type Gap,
  gapsOf,
  needList,
  needText,
  type Reading,
} from '../reading.ts'
import { CONCURRENCY, type Ec2Reader, ec2Item, filter, isNotFound, picked } from './reader.ts'

const TYPE = 'AWS::EC2::PrefixList'
/** EC2 takes at most so many values of a filter. */
const FILTER_VALUES = 200

/** The prefix lists with these ids, and S3's of the region, with their entries. A list whose entries fail stays, without them. */
export async function readPrefixLists(reader: Ec2Reader, ids: readonly string[]): Promise<Reading> {
  const found = new Map<string, ManagedPrefixList>()
  const failures: ReadFailure[] = []
  const s3 = filter('prefix-list-name', [`com.amazonaws.${reader.region}.s3`])
  const batches = inBatches([...new Set(ids)]).map((batch) => filter('prefix-list-id', batch))
  for (const one of [s3, ...batches]) {
    const answer = await describe(reader, one)
    if (answer.state === 'known') for (const list of answer.value) found.set(list.PrefixListId ?? '', list)
    else failures.push(failureOf(answer))
  }
  const items: JsonObject[] = []
  const gaps: Gap[] = failures.map((failure) => ({ resourceType: TYPE, ...failure }))
  await forEachConcurrently([...found.values()], CONCURRENCY, async (list) => {
    const entries = await readEntries(reader, needText(list.PrefixListId, 'PrefixListId'))
    if (entries.state === 'absent') return
    items.push(listItem(reader, list, entries.state === 'known' ? entries.value : undefined))
    gaps.push(...gapsOf(entries, TYPE, list.PrefixListArn))
  })
  return { items, coverage: [covered(reader, TYPE, failures[0])], gaps }
}

function inBatches(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / FILTER_VALUES) }, (_, n) =>
    ids.slice(n * FILTER_VALUES, (n + 1) * FILTER_VALUES),
  )
}

function describe(
  reader: Ec2Reader,
  filterBy: ReturnType<typeof filter>,
): Promise<Answer<readonly ManagedPrefixList[]>> {
  return askPages(reader, 'ec2:DescribeManagedPrefixLists', undefined, async (NextToken, abortSignal) => {
    const command = new DescribeManagedPrefixListsCommand({ Filters: [filterBy], MaxResults: 100, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.PrefixLists, 'PrefixLists')
    // Fails here when an answer cannot become an item.
    for (const list of entries) listItem(reader, list, undefined)
    return { entries, nextToken: output.NextToken }
  })
}

/** A list deleted meanwhile is absent. */
function readEntries(reader: Ec2Reader, PrefixListId: string): Promise<Answer<readonly JsonObject[]>> {
  return askPages(reader, 'ec2:GetManagedPrefixListEntries', isNotFound, async (NextToken, abortSignal) => {
    const command = new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 100, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.Entries, 'Entries').map((entry) => ({ Cidr: needText(entry.Cidr, 'Cidr') }))
    return { entries, nextToken: output.NextToken }
  })
}

function listItem(reader: Ec2Reader, list: ManagedPrefixList, Entries: readonly JsonObject[] | undefined): JsonObject {
  if (list.PrefixListName === undefined) throw new MalformedAnswer('prefix list without a name')
  const configuration = {
    ...picked(list, ['PrefixListId', 'PrefixListName', 'OwnerId', 'AddressFamily']),
    ...(Entries === undefined ? {} : { Entries }),
  }
  const identity = { id: list.PrefixListId, ownerId: list.OwnerId, arn: list.PrefixListArn }
  return ec2Item(reader, TYPE, 'prefix-list', identity, configuration)
}
