import { callDetailType } from '../../shared/events/cloudtrail-call.ts'
import { type CallService, changingCalls, globalServices } from '../../shared/events/cloudtrail-table.ts'
import { isDecidedBy, scansFor } from '../../shared/events/moments.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'

/** EventBridge takes patterns of at most this many characters. */
export const mostPatternCharacters = 2_048

/** A value that has to be there, or that must not. */
type Presence = { readonly exists: boolean }

/** An event pattern of EventBridge, as it stands in a template. */
export interface EventPattern {
  readonly source: readonly string[]
  readonly 'detail-type': readonly string[]
  readonly detail?: Readonly<Record<string, readonly (string | Presence)[]>>
}

/** One EventBridge rule that leads to the function `resource-change`. */
export interface EventRule {
  /** Unique among the rules; letters, digits and dashes. */
  readonly name: string
  readonly pattern: EventPattern
  /** True for calls of services without a region: CloudTrail tells of them, and we judge, in one region only. */
  readonly homeRegionOnly: boolean
}

/**
 * The EventBridge rules for the enabled rules: each call that changes something one of them can be judged on, and the ends of
 * scans. Failed calls match none. Each pattern keeps the limit of EventBridge.
 */
export function eventRulesOf(rules: readonly RuleMeta[]): readonly EventRule[] {
  return [...callRules(rules), ...scanRules(rules)]
}

function callRules(rules: readonly RuleMeta[]): readonly EventRule[] {
  const wanted = changingCalls.filter((call) => rules.some((rule) => isDecidedBy(rule, call)))
  const byService = Map.groupBy(wanted, ({ service }) => service)
  return [...byService].flatMap(([service, ones]) => {
    const names = [...new Set(ones.map(({ name }) => name))].sort()
    return batches(service, names).map((batch, index) => ({
      name: `change-${service}-${index + 1}`,
      pattern: callPattern(service, batch),
      homeRegionOnly: globalServices.has(service),
    }))
  })
}

function callPattern(service: CallService, eventName: readonly string[]): EventPattern {
  const eventSource = [`${service}.amazonaws.com`]
  return {
    source: [`aws.${service}`],
    'detail-type': [callDetailType],
    detail: { eventSource, eventName, errorCode: [{ exists: false }] },
  }
}

/** As many names at a time as a pattern holds. */
function batches(service: CallService, names: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = []
  for (const name of names) {
    const last = found.at(-1)
    const fits = last !== undefined && lengthOf(callPattern(service, [...last, name])) <= mostPatternCharacters
    if (fits) last.push(name)
    else found.push([name])
  }
  return found
}

function lengthOf(pattern: EventPattern): number {
  return JSON.stringify(pattern).length
}

function scanRules(rules: readonly RuleMeta[]): readonly EventRule[] {
  return scansFor(rules).map(([detailType, source]) => ({
    name: `scan-${source.replace('aws.', '')}`,
    // Inspector scans other things than images, too.
    pattern: { source: [source], 'detail-type': [detailType], detail: { 'repository-name': [{ exists: true }] } },
    homeRegionOnly: false,
  }))
}
