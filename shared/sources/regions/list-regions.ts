import { DescribeRegionsCommand, type EC2Client, type Region } from '@aws-sdk/client-ec2'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, needList, needText, type Reader } from '../reading.ts'

/** Where and with what to ask for regions. */
export interface RegionsReader extends Reader {
  readonly client: Pick<EC2Client, 'send'>
}

/** A region of the partition and whether the account uses it. */
export interface RegionState {
  readonly name: string
  readonly enabled: boolean
}

const statuses: ReadonlyMap<string, boolean> = new Map([
  ['opt-in-not-required', true],
  ['opted-in', true],
  ['not-opted-in', false],
])

/** Every region of the partition, those the account has not enabled included, sorted by name. */
export function listRegions(reader: RegionsReader): Promise<Answer<readonly RegionState[]>> {
  return ask(
    reader,
    'ec2:DescribeRegions',
    undefined,
    (abortSignal) => reader.client.send(new DescribeRegionsCommand({ AllRegions: true }), { abortSignal }),
    ({ Regions }) => withOwn(reader, needList(Regions, 'regions').map(stateOf)),
  )
}

function stateOf({ RegionName, OptInStatus }: Region): RegionState {
  const name = needText(RegionName, 'RegionName')
  if (!/^[a-z]{2,}(-[a-z0-9]+)+$/.test(name)) throw new MalformedAnswer('a region without a name')
  const enabled = statuses.get(needText(OptInStatus, 'OptInStatus'))
  if (enabled === undefined) throw new MalformedAnswer('an opt-in status that is not documented')
  return { name, enabled }
}

/** The region that answers is one of them, and enabled: an answer without it is not complete. */
function withOwn(reader: RegionsReader, regions: readonly RegionState[]): readonly RegionState[] {
  if (!regions.some(({ name, enabled }) => name === reader.region && enabled)) {
    throw new MalformedAnswer('regions without the one that answered')
  }
  return [...regions].sort((a, b) => (a.name < b.name ? -1 : 1))
}
