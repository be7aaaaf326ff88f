import type { ChangedResource } from '../events/audit-request.ts'
import type { Gap, Reading } from '../sources/reading.ts'
import type { LiveReader } from './live-source.ts'
import type { Taken } from './recent.ts'

/** Where a resource of a network is. */
export type Place =
  | { readonly state: 'present'; readonly vpcId: string }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/** A VPC and what decisions about it ask for. */
export type VpcReading =
  | (Taken & { readonly state: 'present'; readonly reading: Reading })
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/** All VPCs of the region, or that they are too many to be read for one event. */
export type VpcsReading =
  | (Taken & { readonly state: 'present'; readonly reading: Reading })
  | { readonly state: 'too many'; readonly count: number }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/**
 * VPCs, seen live. A change of a network comes as many events, each for every rule: what was read for one serves the others
 * for 60 seconds, as far as it is newer than the change they tell of.
 */
export interface LiveVpcs {
  /** The VPC that holds a subnet, route table, security group, network ACL, endpoint or NAT gateway. */
  readonly placeOf: (reader: LiveReader, resource: ChangedResource) => Promise<Place>
  /** Reads a VPC and what pulls images in it: of these types, and no others. */
  readonly read: (reader: LiveReader, vpcId: string, types: readonly string[]) => Promise<VpcReading>
  /** Reads all VPCs, when there are at most `most`, and what pulls images in them: of these types, and no others. */
  readonly readEvery: (reader: LiveReader, types: readonly string[], most: number) => Promise<VpcsReading>
  /** When the VPC was last read for a verdict that was delivered for this asker. */
  readonly judged: (asker: string, vpcId: string) => Taken | undefined
  /** Remembers that a verdict was delivered. */
  readonly settle: (asker: string, vpcId: string, taken: Taken) => void
}
