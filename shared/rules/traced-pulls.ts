import type { Hop, PullTrace } from '../model/pull.ts'
import { clip, listed } from '../model/quote.ts'
import type { Evidence, Verdict } from '../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../model/verdict.ts'
import type { TraceWorld } from '../pull/trace-types.ts'
import type { RuleContext } from './define-rule.ts'

const mostSentences = 3
const mostFixes = 5
const mostEvidence = 20

/** What tracing looks at, of what a rule may look at. */
export function traceWorldOf({ inventory, organization, settings, now }: RuleContext): TraceWorld {
  const { centralEndpoints } = settings.network
  return { inventory, organization, centralEndpoints, ...(now === undefined ? {} : { now }) }
}

/** One verdict on all pulls of a workload: any that fails, then any that is not known. `none` says why there may be none. */
export function verdictOnTraces(traces: readonly PullTrace[], none: string): Verdict {
  if (traces.length === 0) return notApplicable(none)
  const failing = traces.filter(({ verdict }) => verdict === 'fail')
  if (failing.length > 0) return noncompliantTraces(failing)
  const open = traces.filter(({ verdict }) => verdict === 'unknown')
  if (open.length > 0) return undetermined(missingOf(open), open.flatMap(openEvidence).slice(0, mostEvidence))
  const images = listed([...new Set(traces.map(({ image }) => image))])
  const subnets = listed([...new Set(traces.flatMap((trace) => trace.subnets))])
  return compliant(`It can pull ${images}${subnets === '' ? '' : ` from ${subnets}`}.`, {
    evidence: gradesOf(traces),
    assumptions: assumptionsOf(traces),
  })
}

function noncompliantTraces(failing: readonly PullTrace[]): Verdict {
  const broken = failing.map((trace) => ({ trace, hop: firstBroken(trace) }))
  const causes = Map.groupBy(broken, ({ hop }) => (hop === undefined ? '' : `${hop.hop}: ${clip(hop.reason)}`))
  const sentences = [...causes].map(
    ([cause, ones]) => `${cannot(ones.map(({ trace }) => trace))}: ${asSentence(cause)}`,
  )
  const more = sentences.length - mostSentences
  const next = [...new Set(failing.flatMap(({ nextFailures }) => nextFailures.map(({ hop }) => hop)))]
  const fixes = [...new Set(broken.flatMap(({ hop }) => hop?.fix ?? []))].slice(0, mostFixes)
  const reason = [
    ...sentences.slice(0, mostSentences),
    ...(more > 0 ? [`And ${more} more.`] : []),
    ...(next.length === 0 ? [] : [`Once that is mended, it breaks at ${listed(next)}.`]),
  ]
  return noncompliant(reason.join(' '), {
    evidence: evidenceOf(
      broken.flatMap(({ trace, hop }) => [...(hop === undefined ? [] : [hop]), ...trace.nextFailures]),
    ),
    assumptions: [...new Set(broken.flatMap(({ hop }) => hop?.assumptions ?? []))],
    ...(fixes.length === 0 ? {} : { remediation: fixes.map(asSentence).join(' ') }),
  })
}

function cannot(traces: readonly PullTrace[]): string {
  const images = listed([...new Set(traces.map(({ image }) => image))], 3)
  const subnets = [...new Set(traces.flatMap(({ intermittent }) => intermittent))]
  return subnets.length === 0
    ? `It cannot pull ${images}`
    : `It cannot pull ${images} from ${listed(subnets)}, while other subnets may work`
}

function firstBroken({ hops, firstBrokenHop }: PullTrace): Hop | undefined {
  return hops.find(({ hop }) => hop === firstBrokenHop)
}

function evidenceOf(hops: readonly Hop[]): readonly Evidence[] {
  const all = hops.flatMap(({ hop, reason, evidence }) => [{ source: `hop ${hop}`, detail: clip(reason) }, ...evidence])
  return [...new Map(all.map((one) => [`${one.source}\n${one.detail}`, one])).values()].slice(0, mostEvidence)
}

function openEvidence({ hops }: PullTrace): readonly Evidence[] {
  return hops
    .filter(({ status }) => status === 'unknown')
    .map(({ hop, reason }) => ({ source: `hop ${hop}`, detail: clip(reason) }))
}

function missingOf(open: readonly PullTrace[]) {
  const named = [...new Set(open.flatMap(({ missing }) => missing))]
  const reasons = named.length > 0 ? named : open.map(({ image }) => `whether ${image} can be pulled`)
  return reasons.map((reason) => ({ reason: clip(reason), transience: 'lasting' as const }))
}

function assumptionsOf(traces: readonly PullTrace[]): readonly string[] {
  return [...new Set(traces.flatMap(({ hops }) => hops.flatMap(({ assumptions }) => assumptions)))]
}

function gradesOf(traces: readonly PullTrace[]): readonly Evidence[] {
  const details = traces.map(({ grades }) => {
    const { privacy, leastPrivilege } = grades
    return `privacy ${privacy ?? 'not graded'}, least privilege ${leastPrivilege ?? 'not graded'}`
  })
  return [...new Set(details)].map((detail) => ({ source: 'grades', detail }))
}

function asSentence(text: string): string {
  return text.endsWith('.') || text.endsWith('…') ? text : `${text}.`
}
