import { partitionOf } from '../../shared/model/arn.ts'
import type { ProbeClients } from '../../shared/sources/probes/probe.ts'
import type { Reader } from '../../shared/sources/reading.ts'

/** The account and region a check looks at. */
export interface Place {
  readonly accountId: string
  readonly region: string
  readonly clients: ProbeClients
  readonly now: Date
  /** Upper bound of one call with all its attempts, milliseconds. */
  readonly callTimeout: number
}

/** A reader of the place with one of its clients. */
export function readerOf<C>(place: Place, client: C): Reader & { readonly client: C } {
  const { accountId, region, callTimeout, now } = place
  return { accountId, region, callTimeout, readAt: now.toISOString(), client }
}

/** The partition of the place. */
export function partitionAt({ region }: Place): string {
  return partitionOf(region)
}
