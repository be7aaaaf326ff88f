// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** A private hosted zone with its record sets, as Route 53 words them. */
export interface FakeZone {
  readonly id: string
  readonly name: string
  readonly owner: { readonly OwningAccount: string } | { readonly OwningService: string }
  readonly vpcIds: readonly string[]
  readonly records?: readonly any[]
}

/** What Route 53 holds. */
export interface FakeRoute53 {
  readonly zones: FakeZone[]
  /** Entries a page holds at most. */
  pageSize: number
}

/** Answers a call of Route 53. */
export function serveRoute53(route53: FakeRoute53, operation: string, body: any): unknown {
  switch (operation) {
    case 'ListHostedZonesByVPC': {
      const zones = route53.zones.filter(({ vpcIds }) => vpcIds.includes(body.vpcid))
      const { page, next } = pageFrom(zones, body.nexttoken, Math.min(Number(body.maxitems), route53.pageSize))
      const summaries = page.map(({ id, name, owner }) => ({ HostedZoneId: id, Name: name, Owner: owner }))
      return {
        HostedZoneSummaries: { HostedZoneSummary: summaries },
        MaxItems: body.maxitems,
        NextToken: next,
      }
    }
    case 'ListResourceRecordSets':
      return recordSets(route53, body)
    default:
      throw new Refusal('InvalidAction')
  }
}

/** The next page starts at the record named by the one before. */
function recordSets(route53: FakeRoute53, body: any): unknown {
  const records = route53.zones.find(({ id }) => id === body.Id)?.records
  if (records === undefined) throw new Refusal('NoSuchHostedZone', 404)
  const start = body.name === undefined ? 0 : records.findIndex((one) => isStart(one, body))
  const page = records.slice(start, start + route53.pageSize)
  const next = records[start + route53.pageSize]
  return {
    ResourceRecordSets: { ResourceRecordSet: page },
    IsTruncated: next !== undefined,
    NextRecordName: next?.Name,
    NextRecordType: next?.Type,
    NextRecordIdentifier: next?.SetIdentifier,
    MaxItems: body.maxitems,
  }
}

function isStart(record: any, { name, type, identifier }: any): boolean {
  return record.Name === name && record.Type === type && record.SetIdentifier === identifier
}
