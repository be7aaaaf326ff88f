import type { LayerOutcome, LayerResult } from '../../iam/evaluate/types.ts'
import { parseArn } from '../../model/arn.ts'
import type { HopStatus } from '../../model/pull.ts'
import { isDenied } from '../can-pull.ts'
import type { PullStep } from '../types.ts'

/** One decided request, seen from two hops. */
export interface SplitDecision {
  readonly step: PullStep
  /** What the policies that grant say: those of the role and of the repository. */
  readonly own: Part
  /** What limits the grants: boundary, guardrails of both organizations, Deny statements of a registry policy. */
  readonly guard: Part
}

/** One side of a decision: `step` holds its layers alone. */
export interface Part {
  readonly status: HopStatus
  readonly step: PullStep
}

/** Tells what grants from what limits, so that each hop fails for its own reasons. `roleArn` is who asks. */
export function splitDecision(step: PullStep, roleArn: string): SplitDecision {
  const { decision, layers } = step.decision
  const limits = layers.filter(isLimit)
  const grants = layers.filter((layer) => !isLimit(layer))
  const limited = statusOfLimits(limits)
  const granted = statusOfGrants(grants, isCrossAccount(step, roleArn))
  if (decision === 'allowed') return split(step, ['pass', grants], ['pass', limits])
  if (isDenied(decision)) {
    const cause = limited === 'fail' || granted === 'fail'
    return split(step, [cause ? granted : 'fail', grants], [limited, limits])
  }
  const isOpen = limited === 'unknown' || granted === 'unknown'
  return split(step, [isOpen ? granted : 'unknown', grants], [limited, limits])
}

const telling: Readonly<Record<HopStatus, readonly LayerResult[]>> = {
  fail: ['explicitlyDenied', 'implicitlyDenied'],
  unknown: ['unknown'],
  pass: ['allowed'],
  skipped: [],
}

type Side = readonly [status: HopStatus, layers: readonly LayerOutcome[]]

function split(step: PullStep, own: Side, guard: Side): SplitDecision {
  return { step, own: partOf(step, own), guard: partOf(step, guard) }
}

/** The decision as if only these layers were there; the layer that decided comes first. */
function partOf(step: PullStep, [status, layers]: Side): Part {
  const { decision } = step
  const wanted = telling[status]
  const said = layers.filter(({ result }) => wanted.includes(result))
  const decidedBy = tellingLayer(said, step) ?? layers[0] ?? decision.decidedBy
  const explicit = layers.some(({ result }) => result === 'explicitlyDenied')
  const denied = explicit ? 'explicitlyDenied' : 'implicitlyDenied'
  const words = { pass: 'allowed', skipped: 'allowed', unknown: 'unknown', fail: denied } as const
  return { status, step: { ...step, decision: { ...decision, decision: words[status], decidedBy, layers } } }
}

/** What decided the whole, a Deny, or what could grant alone: resource policies without a say are no reason for a denial. */
function tellingLayer(said: readonly LayerOutcome[], { decision }: PullStep): LayerOutcome | undefined {
  return (
    said.find((layer) => layer === decision.decidedBy) ??
    said.find(({ result }) => result === 'explicitlyDenied') ??
    said.find(({ layer }) => layer !== 'resource') ??
    said[0]
  )
}

/** A registry policy grants next to nothing; what it denies is a limit to every repository. */
function isLimit({ layer, result, statement }: LayerOutcome): boolean {
  if (layer === 'boundary' || layer === 'scp' || layer === 'rcp' || layer === 'session') return true
  return (
    layer === 'resource' && result === 'explicitlyDenied' && statement?.policy.startsWith('registry policy') === true
  )
}

function statusOfLimits(layers: readonly LayerOutcome[]): HopStatus {
  if (layers.some(({ result }) => result === 'explicitlyDenied' || result === 'implicitlyDenied')) return 'fail'
  return layers.some(({ result }) => result === 'unknown') ? 'unknown' : 'pass'
}

/** Within an account one side is enough, across accounts both are needed; a Deny of either is the end. */
function statusOfGrants(layers: readonly LayerOutcome[], isAcross: boolean): HopStatus {
  const results = layers.map(({ result }) => result)
  if (results.includes('explicitlyDenied')) return 'fail'
  if (isAcross) {
    if (results.includes('implicitlyDenied')) return 'fail'
    return results.includes('unknown') ? 'unknown' : 'pass'
  }
  if (results.includes('allowed')) return results.includes('unknown') ? 'unknown' : 'pass'
  return results.includes('unknown') ? 'unknown' : 'fail'
}

function isCrossAccount({ resource }: PullStep, roleArn: string): boolean {
  const owner = parseArn(resource)?.accountId
  return owner !== undefined && owner !== parseArn(roleArn)?.accountId
}
