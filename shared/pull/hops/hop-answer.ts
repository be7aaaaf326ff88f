import type { Hop, HopName, HopStatus } from '../../model/pull.ts'
import { listed } from '../../model/quote.ts'
import type { Evidence } from '../../model/verdict.ts'

/** What a hop says before it is merged over subnets. */
export interface HopAnswer {
  readonly status: HopStatus
  readonly code: string
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly assumptions: readonly string[]
  /** Facts that would decide it; non-empty exactly when it is unknown. */
  readonly missing: readonly string[]
  readonly fix?: string
}

interface Grounds {
  readonly evidence?: readonly Evidence[]
  readonly assumptions?: readonly string[]
}

const mostReasons = 3
const mostEvidence = 20
const mostFixes = 5

/** The hop is no obstacle. */
export function passing(code: string, reason: string, grounds: Grounds = {}): HopAnswer {
  return answer('pass', code, reason, grounds)
}

/** The pull breaks here; `fix` is the exact change that mends it. */
export function failing(
  code: string,
  reason: string,
  grounds: Grounds & { readonly fix?: string | undefined } = {},
): HopAnswer {
  const failed = answer('fail', code, reason, grounds)
  return grounds.fix === undefined ? failed : { ...failed, fix: grounds.fix }
}

/** It cannot be told; each missing fact is named. */
export function undecided(code: string, reason: string, missing: readonly string[], grounds: Grounds = {}): HopAnswer {
  return { ...answer('unknown', code, reason, grounds), missing: missing.length > 0 ? missing : [reason] }
}

/** The hop does not apply, or there is nothing to ask. */
export function skipping(code: string, reason: string): HopAnswer {
  return answer('skipped', code, reason, {})
}

function answer(status: HopStatus, code: string, reason: string, { evidence, assumptions }: Grounds): HopAnswer {
  return { status, code, reason, evidence: evidence ?? [], assumptions: assumptions ?? [], missing: [] }
}

const badness: Readonly<Record<HopStatus, number>> = { skipped: 0, pass: 1, unknown: 2, fail: 3 }

/** The worst status of several; `skipped` is the mildest. */
export function worst(statuses: readonly HopStatus[]): HopStatus {
  return statuses.reduce<HopStatus>((so, status) => (badness[status] > badness[so] ? status : so), 'skipped')
}

/** Parts of one hop that must all hold: the worst decides, and parts that are equally bad are told together. */
export function together(parts: readonly [HopAnswer, ...(readonly HopAnswer[])]): HopAnswer {
  const [first, ...others] = parts
  if (others.length === 0) return first
  const status = worst(parts.map((part) => part.status))
  const telling = parts.filter((part) => part.status === status)
  const lead = telling[0] ?? first
  if (telling.every((part) => part === lead) && status !== 'pass') return lead
  const fixes = distinct(telling.flatMap(({ fix }) => fix ?? []))
  const carried = status === 'fail' ? telling : parts
  return {
    status,
    code: lead.code,
    reason: reasonsOf(telling),
    evidence: distinctEvidence(telling.flatMap(({ evidence }) => evidence)),
    assumptions: distinct(carried.flatMap(({ assumptions }) => assumptions)),
    missing: distinct(telling.flatMap(({ missing }) => missing)),
    ...(fixes.length === 0 ? {} : { fix: fixes.slice(0, mostFixes).join('; ') }),
  }
}

function reasonsOf(telling: readonly HopAnswer[]): string {
  const reasons = distinct(telling.map(({ reason }) => reason))
  const more = reasons.length - mostReasons
  return [...reasons.slice(0, mostReasons), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** Begins with a capital, unless the first word is the name of an action or of a host. */
export function sentence(text: string): string {
  const [first = ''] = text.split(' ', 1)
  return /[:.]\S/.test(first) ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

/** Each once, in the order of their first appearance. */
export function distinct(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)]
}

/** Each line once, the first twenty. */
export function distinctEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length < 2) return evidence
  return [...new Map(evidence.map((one) => [`${one.source}\n${one.detail}`, one])).values()].slice(0, mostEvidence)
}

/** The hop as the trace shows it. */
export function hopOf(hop: HopName, given: HopAnswer, subnets?: readonly string[]): Hop {
  const { status, code, reason, evidence, assumptions, fix } = given
  return {
    hop,
    status,
    code,
    reason: subnets === undefined ? reason : `In ${listed(subnets)}: ${reason}`,
    evidence,
    assumptions,
    ...(fix === undefined ? {} : { fix }),
    ...(subnets === undefined ? {} : { subnets }),
  }
}
