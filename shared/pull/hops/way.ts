import type { HopName } from '../../model/pull.ts'
import { clip } from '../../model/quote.ts'
import type { Evidence } from '../../model/verdict.ts'
import type { ReachPath, ReachStep } from '../../network/types.ts'
import { failing, type HopAnswer, passing, skipping, together, undecided } from './hop-answer.ts'
import { type HostReach, hopOfStep } from './host-reach.ts'
import { endpointBehind } from './unseen-endpoint.ts'

/** What some steps of the ways to hosts say about one hop. */
export function wayHop(hop: HopName, hosts: readonly HostReach[], fixOf: FixOf, words: WayWords): HopAnswer {
  const answers = hosts.map((host) => answerOf(hop, host, fixOf, words))
  const asked = answers.filter((answer) => answer !== undefined)
  const [first, ...others] = asked
  return first === undefined ? skipping('not-asked', 'No request gets as far as this') : together([first, ...others])
}

/** The exact change for a step that stops requests. */
export type FixOf = (host: HostReach, step: ReachStep) => string | undefined

/** Code and sentence of a hop that lets requests through. */
export interface WayWords {
  readonly code: string
  readonly good: (host: HostReach, path: ReachPath) => string
}

function answerOf(hop: HopName, host: HostReach, fixOf: FixOf, words: WayWords): HopAnswer | undefined {
  const { path, reach } = host
  if (path === undefined) {
    return host.hop === hop
      ? undecided('no-way-known', `No way to ${reach.destination.host} is known`, reach.missing)
      : undefined
  }
  const steps = path.steps.filter((step) => hopOfStep(host, step) === hop)
  const blocked = steps.find(({ verdict }) => verdict === 'blocked')
  if (blocked !== undefined) {
    return failing(blocked.code, clip(blocked.reason), {
      evidence: evidenceOf(host, path, blocked),
      assumptions: reach.assumptions,
      fix: fixOf(host, blocked),
    })
  }
  const open = steps.find(({ verdict }) => verdict === 'unknown')
  if (open !== undefined) {
    return undecided(open.code, clip(open.reason), reach.missing, {
      evidence: evidenceOf(host, path, open),
      assumptions: reach.assumptions,
    })
  }
  if (steps.length === 0) return undefined
  const evidence = steps.flatMap((step) => [wayEvidence(path, step), ...step.evidence])
  // What the whole way takes for granted is said once, by the host.
  const assumptions = hop === host.hop ? reach.assumptions : []
  return passing(words.code, words.good(host, path), { evidence, assumptions })
}

function wayEvidence(path: ReachPath, { reason }: ReachStep): Evidence {
  return { source: nameOfWay(path), detail: clip(reason) }
}

function evidenceOf({ reach }: HostReach, path: ReachPath, step: ReachStep): readonly Evidence[] {
  return [
    wayEvidence(path, step),
    ...step.evidence,
    ...reach.shadowed.map((detail) => ({ source: reach.destination.host, detail })),
  ]
}

/** A way in words: what kind it is, and its own name where it has another. */
export function nameOfWay({ kind, via }: Pick<ReachPath, 'kind' | 'via'>): string {
  const words = wordsFor(kind)
  const behind = endpointBehind({ kind, via })
  if (behind !== undefined) return `${words} behind ${behind}`
  return via === words || via === '' ? words : `${words} ${clip(via)}`
}

function wordsFor(kind: ReachPath['kind']): string {
  const words = {
    privateEndpoint: 'interface endpoint',
    gatewayEndpoint: 'gateway endpoint',
    centralEndpoint: 'central endpoint',
    natGateway: 'NAT gateway',
    internetGateway: 'internet gateway',
    other: 'way by',
  } as const
  return words[kind]
}
