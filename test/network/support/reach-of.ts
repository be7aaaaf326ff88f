import { readFileSync } from 'node:fs'
import type { CentralEndpoints } from '../../../shared/model/settings.ts'
import { alsoOverIpv6, destinationOf, ecrApi, ecrDkr, s3Layers, service } from '../../../shared/network/destinations.ts'
import { reach } from '../../../shared/network/reach.ts'
import type { Topology } from '../../../shared/network/topology.ts'
import type { Destination, Reach, SourceInterface } from '../../../shared/network/types.ts'
import { mergePatch } from './merge-patch.ts'
import { type JsonTopology, topologyOfJson } from './topology-of-json.ts'

/** One row of a case table. */
export interface Case {
  /** A sentence. */
  readonly name: string
  /** A network of `bases.json`. */
  readonly base: string
  /** What is different: a merge patch (RFC 7396). */
  readonly with?: JsonTopology
  readonly from?: Omit<Partial<SourceInterface>, 'securityGroupIds' | 'hasPublicIp'> & {
    readonly groups?: readonly string[] | '?'
    readonly hasPublicIp?: boolean | '?'
  }
  /**
   * `ecr.api`, `ecr.dkr`, `s3`, `service logs`, or a host; then a region, ours when left out. `over-ipv6` at the end: the
   * client may ask for another name.
   */
  readonly to: string
  readonly central?: readonly CentralEndpoints[]
  readonly verdict: Reach['verdict']
  /** All candidates in order: `natGateway nat-1 blocked nat:nat-not-available`; a reachable one without its step. */
  readonly paths: readonly string[]
  readonly shadowed?: readonly string[]
  readonly assumptions?: readonly string[]
  readonly missing?: readonly string[]
  readonly fix?: string
}

const bases = JSON.parse(readFileSync(new URL('./bases.json', import.meta.url), 'utf8'))

/** The network of a case. */
export function jsonTopologyOf({ base, with: patch }: Pick<Case, 'base' | 'with'>): JsonTopology {
  if (bases[base] === undefined) throw new Error(`no base ${base}`)
  return mergePatch(bases[base], (patch ?? {}) as never) as JsonTopology
}

/** Judges a case. */
export function reachOfCase(one: Case): Reach {
  return reachIn(topologyOfJson(jsonTopologyOf(one)), one)
}

/** Judges a case in a topology made elsewhere. */
export function reachIn(topology: Topology, { from, to, central }: Pick<Case, 'from' | 'to' | 'central'>): Reach {
  return reach(topology, sourceOf(from), toDestination(to), central === undefined ? {} : { centralEndpoints: central })
}

function sourceOf(from: Case['from'] = {}): SourceInterface {
  const { groups = ['sg-app'], hasPublicIp = false, ...rest } = from
  return {
    scope: { accountId: '111122223333', region: 'eu-central-1' },
    subnetId: 'subnet-app',
    usesIpv6: false,
    ...rest,
    hasPublicIp: hasPublicIp === '?' ? undefined : hasPublicIp,
    securityGroupIds: groups === '?' ? undefined : groups,
  }
}

/** Reads the destination of a case. */
export function toDestination(text: string): Destination {
  if (text.endsWith(' over-ipv6')) return alsoOverIpv6(toDestination(text.slice(0, -' over-ipv6'.length)))
  const [kind = '', a, b] = text.split(' ')
  if (kind === 'service') return service(a ?? '', b ?? 'eu-central-1')
  const region = a ?? 'eu-central-1'
  if (kind === 'ecr.api') return ecrApi(region)
  if (kind === 'ecr.dkr') return ecrDkr(region, '111122223333')
  return kind === 's3' ? s3Layers(region) : destinationOf(kind, region)
}

/** A path as the tables write it. */
export function pathText({ kind, via, through, verdict, decidedBy }: Reach['paths'][number]): string {
  const text = `${kind} ${via}${through === undefined ? '' : ` through ${through}`} ${verdict}`
  return verdict === 'reachable' ? text : `${text} ${decidedBy.step}:${decidedBy.code}`
}
