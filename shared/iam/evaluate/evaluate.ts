import { evaluateLayers, type Layer, type Layered } from './layers.ts'
import { sortedMissing } from './missing.ts'
import { layerOutcome, unknownOutcome } from './proof.ts'
import { type Answer, and, or, silent, yes } from './scan.ts'
import type { AccessCase, AccessRequest, Decision, LayerName, LayerOutcome, Missing } from './types.ts'

/** Decides one request against every policy that has a say. Never throws: what cannot be read makes an unknown. */
export function evaluateAccess(one: AccessCase): Decision {
  return decide(evaluateLayers(one, false), one.request)
}

/** The decision that follows from what each layer says. */
export function decide(layered: Layered, request: AccessRequest): Decision {
  const { layers } = layered
  const outcomes = layers.map((layer) => layerOutcome(layer, request))
  const denying = layers.findIndex(({ scan }) => scan.deny.truth === 'true')
  if (denying >= 0) return decided('explicitlyDenied', denying, outcomes)
  const granted = grantOf(layered)
  if (granted.truth === 'false') return decided('implicitlyDenied', culprit(layered), outcomes)
  const missing = [...granted.missing]
  for (const { scan } of layers) missing.push(...scan.deny.missing)
  return granted.truth === 'true' && missing.length === 0
    ? decided('allowed', granting(layered, outcomes), outcomes)
    : open(layers, outcomes, missing)
}

/** Whether everything that has to allow does; Denies aside. */
function grantOf(layered: Layered): Answer {
  const scp = allowOf(layered, 'scp')
  if (scp.truth === 'false') return scp
  return and(scp, and(permission(layered), allowOf(layered, 'endpoint')))
}

/** What identity and resource policies permit, within boundary and session policies. */
function permission(layered: Layered): Answer {
  const { caller } = layered.subject
  const { allow, direct, entity, account } = resourceOf(layered).scan
  if (caller.accountId === undefined) return allow
  const identity = allowOf(layered, 'identity')
  const limits = and(allowOf(layered, 'boundary'), allowOf(layered, 'session'))
  if (!layered.isSameAccount) return and(allow, and(identity, limits))
  const own = layered.override === undefined ? identity : and(account, identity)
  return or(direct, and(or(own, entity), limits))
}

function resourceOf({ layers }: Layered): Layer {
  return layers.find(({ layer }) => layer === 'resource') ?? nowhere
}

const nowhere: Layer = {
  layer: 'resource',
  orgIdentifier: undefined,
  exempt: undefined,
  scan: silent,
  journal: undefined,
}

/** All levels of a layer have to allow; one without a say does. */
function allowOf({ layers }: Layered, name: LayerName): Answer {
  let answer = yes
  for (const { layer, scan, exempt } of layers) {
    if (layer === name && (exempt === undefined || name === 'identity')) answer = and(answer, scan.allow)
  }
  return answer
}

/** The first layer, in the order of AWS, whose silence denies. */
function culprit(layered: Layered): number {
  const { layers, isSameAccount, override } = layered
  const { allow, entity } = resourceOf(layered).scan
  const isPermitted = permission(layered).truth !== 'false'
  const found = layers.findIndex(({ layer, scan, exempt }) => {
    if (layer === 'resource') return allow.truth === 'false' && (!isSameAccount || override !== undefined)
    if (exempt !== undefined || scan.allow.truth !== 'false') return false
    if (layer === 'boundary' || layer === 'session') return !isPermitted
    if (layer === 'identity' && isPermitted) return false
    return layer !== 'identity' || entity.truth === 'false' || !isSameAccount
  })
  return found >= 0 ? found : layers.findIndex(({ layer }) => layer === 'identity')
}

function granting({ layers, subject }: Layered, outcomes: readonly LayerOutcome[]): number {
  const isGranted = outcomes.findIndex(({ layer, result }) => layer === 'identity' && result === 'allowed')
  if (isGranted >= 0 || subject.caller.kind === 'root') return layers.findIndex(({ layer }) => layer === 'identity')
  return layers.findIndex(({ layer }) => layer === 'resource')
}

function decided(
  decision: 'allowed' | 'explicitlyDenied' | 'implicitlyDenied',
  index: number,
  outcomes: readonly LayerOutcome[],
): Decision {
  const decidedBy = outcomes[index] ?? nothingDecided
  return { decision, decidedBy, layers: outcomes, missing: [] }
}

const nothingDecided: LayerOutcome = { layer: 'identity', result: 'implicitlyDenied', reason: 'no policy allows it' }

/** Unknown: the first layer that holds something of what is missing. */
function open(layers: readonly Layer[], outcomes: readonly LayerOutcome[], missing: readonly Missing[]): Decision {
  const wanted = new Set(missing)
  const index = layers.findIndex(({ scan }) =>
    [scan.deny, scan.allow, scan.direct, scan.entity, scan.account].some((answer) =>
      answer.missing.some((item) => wanted.has(item)),
    ),
  )
  const layer = layers[index]
  const outcome = outcomes[index] ?? nothingDecided
  const decidedBy = layer === undefined ? outcome : unknownOutcome(layer, outcome)
  return {
    decision: 'unknown',
    decidedBy,
    layers: outcomes.map((other, position) => (position === index ? decidedBy : other)),
    missing: sortedMissing(missing),
  }
}
