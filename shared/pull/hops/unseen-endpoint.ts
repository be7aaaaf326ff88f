import { clip } from '../../model/quote.ts'
import type { ReachPath } from '../../network/types.ts'

/** How a way is named that settings state without an endpoint. */
const stated = 'central endpoint'

/** What the ids of gateways to other networks begin with. */
const gateways = [
  ['tgw-', 'the transit gateway'],
  ['pcx-', 'the peering connection'],
  ['vgw-', 'the virtual private gateway'],
  ['lgw-', 'the local gateway'],
  ['arn:', 'the core network'],
] as const

/** What leads to the endpoint of a way, in words, where nobody knows which endpoint it is. */
export function endpointBehind({ kind, via }: Pick<ReachPath, 'kind' | 'via'>): string | undefined {
  if (kind !== 'centralEndpoint' || via === '' || via === stated || via.startsWith('vpce-')) return undefined
  const known = gateways.find(([prefix]) => via.startsWith(prefix))
  return `${known === undefined ? '' : `${known[1]} `}${clip(via)}`
}

/** What is said of the policy of an endpoint that the inventory does not show, and what is assumed of it. */
export function unseenPolicy(way: Pick<ReachPath, 'kind' | 'via'>): {
  readonly reason: string
  readonly assumption: string
} {
  const policy = `the policy of ${endpointInWords(way)}`
  return {
    reason: `T${policy.slice(1)} is not in the inventory`,
    assumption: `assumes that ${policy} lets images be pulled (it is not in the inventory)`,
  }
}

function endpointInWords(way: Pick<ReachPath, 'kind' | 'via'>): string {
  const behind = endpointBehind(way)
  if (behind !== undefined) return `the endpoint behind ${behind}, whose id is not known,`
  return way.via === stated || way.via === '' ? 'the central endpoint, whose id is not known,' : clip(way.via)
}
