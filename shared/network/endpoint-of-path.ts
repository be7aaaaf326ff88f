import type { ReachPath } from './types.ts'

/** The id of the endpoint a way leads through, its own or the one behind its NAT gateway; undefined for ways without any. */
export function endpointIdOf({ kind, via, through }: Pick<ReachPath, 'kind' | 'via' | 'through'>): string | undefined {
  return kind === 'privateEndpoint' || kind === 'gatewayEndpoint' || kind === 'centralEndpoint' ? via : through
}
