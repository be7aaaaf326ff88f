import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { askPages, covered, failureOf, needList, type Reading } from '../reading.ts'
import type { Ec2Reader } from './reader.ts'

/** One page as the SDK gives it. */
export interface RawPage<E> {
  readonly entries: readonly E[] | undefined
  readonly nextToken: string | undefined
}

/** How the resources of a type are listed. */
export interface Listing<E> {
  readonly type: string
  /** IAM's name of the call. */
  readonly action: `ec2:${string}`
  readonly page: (nextToken: string | undefined, abortSignal: AbortSignal) => Promise<RawPage<E>>
  /** Undefined for a resource that is gone although EC2 still shows it. @throws MalformedAnswer */
  readonly item: (entry: E) => JsonObject | undefined
}

/** What a listing gave; without items when it failed. */
export interface Listed {
  readonly items: readonly JsonObject[]
  readonly reading: Reading
}

/** Reads every page. One page that fails, or one entry without its id, leaves the type unknown and gives no items. */
export async function list<E>(reader: Ec2Reader, listing: Listing<E>): Promise<Listed> {
  const { type, action } = listing
  const answer = await askPages(reader, action, undefined, async (nextToken, signal) => {
    const { entries, nextToken: next } = await listing.page(nextToken, signal)
    const items = needList(entries, type).map((entry) => listing.item(entry))
    return { entries: items.filter((item) => item !== undefined), nextToken: next }
  })
  if (answer.state === 'known') {
    return { items: answer.value, reading: { items: answer.value, coverage: [covered(reader, type)], gaps: [] } }
  }
  const failure = failureOf(answer)
  const gaps = [{ resourceType: type, ...failure }]
  return { items: [], reading: { items: [], coverage: [covered(reader, type, failure)], gaps } }
}

/** Refuses what lies in another VPC than those asked for: the answer is to another question. @throws MalformedAnswer */
export function needVpc(vpcId: string | undefined, asked: readonly string[] | undefined): string {
  if (vpcId === undefined || vpcId === '') throw new MalformedAnswer('answer without a VPC')
  if (asked !== undefined && !asked.includes(vpcId)) throw new MalformedAnswer('a resource of another VPC')
  return vpcId
}
