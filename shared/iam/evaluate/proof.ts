import type { Layer } from './layers.ts'
import type { Answer } from './scan.ts'
import type { AccessRequest, LayerName, LayerOutcome, LayerResult, Missing, StatementOutcome } from './types.ts'

const titles: Readonly<Record<LayerName, string>> = {
  rcp: 'resource control policies',
  scp: 'service control policies',
  resource: 'resource policies',
  identity: 'identity policies',
  boundary: 'permissions boundary',
  session: 'session policies',
  endpoint: 'VPC endpoint policies',
  service: 'service',
}

/** What a layer says, with the statement that says so. */
export function layerOutcome(layer: Layer, request: AccessRequest): LayerOutcome {
  const { scan, exempt } = layer
  if (exempt !== undefined) return outcome(layer, 'notApplicable', exempt)
  if (scan.deny.truth === 'true') return stated(layer, 'explicitlyDenied', scan.deny, 'denies it')
  if (scan.allow.truth === 'false') {
    return outcome(
      layer,
      'implicitlyDenied',
      layer.silence ?? `no statement of the ${where(layer)} allows ${request.action}`,
    )
  }
  if (scan.deny.truth === 'unknown' || scan.allow.truth === 'unknown') return unknownOutcome(layer, undefined)
  return stated(layer, 'allowed', scan.allow, 'allows it')
}

/** The outcome of a layer the decision waits for. */
export function unknownOutcome(layer: Layer, before: LayerOutcome | undefined): LayerOutcome {
  if (before?.result === 'unknown') return before
  const { deny, allow, direct, entity, account } = layer.scan
  const open = [deny, allow, direct, entity, account].find(({ truth }) => truth === 'unknown')
  const statement = open?.statement
  const gap = open?.missing[0]
  const what = gap === undefined ? 'something' : describe(gap)
  const reason = statement === undefined ? `it depends on ${what}` : `${nameOf(statement)} depends on ${what}`
  return outcome(layer, 'unknown', reason, statement)
}

function stated(layer: Layer, result: LayerResult, answer: Answer, verb: string): LayerOutcome {
  const { statement } = answer
  const reason = statement === undefined ? `nothing in the ${where(layer)} denies it` : `${nameOf(statement)} ${verb}`
  return outcome(layer, result, reason, statement)
}

function outcome(layer: Layer, result: LayerResult, reason: string, statement?: StatementOutcome): LayerOutcome {
  return {
    layer: layer.layer,
    ...(layer.orgIdentifier === undefined ? {} : { orgIdentifier: layer.orgIdentifier }),
    result,
    ...(statement === undefined ? {} : { statement }),
    reason,
  }
}

function where({ layer, orgIdentifier }: Layer): string {
  return orgIdentifier === undefined ? titles[layer] : `${titles[layer]} of ${orgIdentifier}`
}

function nameOf({ policy, position, sid }: StatementOutcome): string {
  return `${policy}, statement ${position}${sid === undefined ? '' : ` (Sid "${sid}")`}`
}

function describe(gap: Missing): string {
  switch (gap.kind) {
    case 'contextKey':
      return `the condition key ${gap.key}`
    case 'operator':
      return `the condition operator ${gap.operator}`
    case 'document':
      return `${gap.policy}: ${gap.reason}`
    case 'fact':
      return gap.fact
    default:
      return gap satisfies never
  }
}
