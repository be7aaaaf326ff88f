import { organizationOf } from '../../shared/engine/organization.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { Hop, PullTrace } from '../../shared/model/pull.ts'
import { clip, listed } from '../../shared/model/quote.ts'
import type { Evidence } from '../../shared/model/verdict.ts'
import { judgedBy, tracesNamedIn } from '../../shared/pull/diagnose/confirm.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import type { Gap } from '../../shared/sources/reading.ts'
import type { Said } from './finding.ts'
import { readGround, type Traced } from './read-ground.ts'
import type { Report } from './reports.ts'
import type { View } from './view.ts'
import type { FoundWorkload } from './workload.ts'

const mostEvidence = 12

/** The pulls of a workload as its configuration has them now, and what could not be read. */
export interface TracedWorkload {
  readonly traces: readonly PullTrace[]
  readonly gaps: readonly Gap[]
}

/** Reads what the pulls of a workload meet and traces each. */
export async function traceWorkload(view: View, traced: Traced): Promise<TracedWorkload> {
  const { clients, reader, settings } = view
  const { inventory, gaps } = await readGround(clients, reader, traced, view)
  const organization = organizationOf(inventory, settings)
  const { centralEndpoints } = settings.network
  const now = new Date(reader.readAt)
  const world = { inventory, organization, centralEndpoints, now }
  return { traces: pullsOfInventory(inventory, now).map((pull) => tracePull(world, pull)), gaps }
}

/** True when some pull of it fails. */
export function isBroken({ traces }: TracedWorkload): boolean {
  return traces.some(({ verdict }) => verdict === 'fail')
}

/** What a finding says of an error, beside what the configuration says. An error alone never makes a good verdict. */
export function saidOf(report: Report, workload: FoundWorkload, traced: TracedWorkload): Said {
  const named = tracesNamedIn(report.text, traced.traces)
  const traces = named.length > 0 ? named : traced.traces
  if (traces.some(({ verdict }) => verdict === 'fail')) return broken(report, workload, traces)
  const passing = traced.gaps.find(({ transience }) => transience === 'passing')
  if (passing !== undefined) return openBecause(report, workload, [passing.reason], 'passing')
  const missing = missingOf(workload, traces, traced.gaps)
  if (missing.length > 0) return openBecause(report, workload, missing, 'lasting')
  return unexplained(report, workload, traces, traced.gaps)
}

/** The configuration shows what is wrong. */
function broken(report: Report, { name }: FoundWorkload, traces: readonly PullTrace[]): Said {
  const failing = traces.filter(({ verdict }) => verdict === 'fail')
  const [first] = judgedBy(report.candidates, failing)
  const confirmed = first?.verdict === 'confirmed' ? first.confirmedBy?.hop : undefined
  const cause = confirmed ?? failing.flatMap(({ hops }) => hops).find(({ status }) => status === 'fail')
  const likely = report.candidates[0]?.meaning ?? ''
  const subnets = [...new Set(failing.flatMap(({ intermittent }) => intermittent))]
  const sentences = [
    `${name} cannot pull ${listed([...new Set(failing.map(({ image }) => image))], 3)}: ${cause?.hop}: ${cause?.reason}`,
    ...(subnets.length === 0 ? [] : [`This is so in ${listed(subnets)}, while other subnets may work`]),
    confirmed === undefined
      ? `The error itself reads as if ${likely}, which the configuration does not show`
      : `The error says the same: ${likely}`,
    quoted(report),
  ]
  const fixes = [...new Set([cause, ...failing.flatMap(({ hops }) => hops)].flatMap((hop) => hop?.fix ?? []))]
  return {
    compliance: 'NON_COMPLIANT',
    reason: sentences.map(asSentence).join(' '),
    evidence: evidenceOf(
      report,
      failing.flatMap(({ hops }) => hops.filter(({ status }) => status === 'fail')),
    ),
    assumptions: cause?.assumptions ?? [],
    remediation: { text: fixes.length > 0 ? fixes.slice(0, 3).map(asSentence).join(' ') : checksOf(report) },
  }
}

/** The error says it failed, the configuration that it works: both are said, and neither is believed alone. */
function unexplained(
  report: Report,
  { name }: FoundWorkload,
  traces: readonly PullTrace[],
  gaps: readonly Gap[],
): Said {
  const [likeliest] = report.candidates
  const verdict = judgedBy(report.candidates, traces).find(({ code }) => code === likeliest?.code)?.verdict
  const images = listed([...new Set(traces.map(({ image }) => image))], 3)
  const sentences = [
    verdict === 'contradicted'
      ? `The error and the configuration of ${name} disagree`
      : `The configuration of ${name} does not show the cause of an error`,
    `The error reads as if ${likeliest?.meaning}`,
    `The configuration as it is now lets it pull ${images}: it was mended since, or the cause lies where no configuration shows it`,
    quoted(report),
  ]
  const hops = traces.flatMap((trace) => trace.hops.filter(({ hop }) => hop === report.kind))
  return {
    compliance: 'UNDETERMINED',
    transience: 'lasting',
    reason: sentences.map(asSentence).join(' '),
    // What traces take for granted where it is not known, such as control policies: why it is not.
    evidence: withMissing(
      evidenceOf(report, hops),
      gaps.map(({ reason }) => reason),
    ),
    assumptions: [...new Set(traces.flatMap((trace) => trace.hops.flatMap(({ assumptions }) => assumptions)))],
    remediation: { text: checksOf(report) },
  }
}

/** Whether the configuration explains the error is not known: the missing facts are named. */
function openBecause(
  report: Report,
  { name }: FoundWorkload,
  missing: readonly string[],
  transience: NonNullable<Finding['transience']>,
): Said {
  const sentences = [
    `The error of ${name} reads as if ${report.candidates[0]?.meaning}`,
    `Whether its configuration explains that could not be decided: ${listed(missing, 4)}`,
    quoted(report),
  ]
  return {
    compliance: 'UNDETERMINED',
    transience,
    reason: sentences.map(asSentence).join(' '),
    evidence: withMissing(evidenceOf(report, []), missing),
    remediation: { text: checksOf(report) },
  }
}

function missingOf({ name, unread }: FoundWorkload, traces: readonly PullTrace[], gaps: readonly Gap[]) {
  const open = traces.filter(({ verdict }) => verdict === 'unknown')
  const facts = open.flatMap(({ missing }) => missing)
  if (traces.length > 0 && open.length === 0) return []
  const nothing = traces.length === 0 ? [`what ${name} pulls`] : []
  return [...new Set([...(unread ? [unread.reason] : []), ...gaps.map(({ reason }) => reason), ...facts, ...nothing])]
}

function evidenceOf(report: Report, hops: readonly Hop[]): readonly Evidence[] {
  const shown = report.isShown ? 'error that ECS shows' : 'error in the event, which ECS no longer shows'
  const first = [
    { source: shown, detail: clip(report.text) },
    { source: 'what the error means', detail: clip(report.candidates[0]?.meaning ?? '') },
    ...(report.subnetId === undefined ? [] : [{ source: 'subnet of the task', detail: clip(report.subnetId) }]),
  ]
  const ofHops = hops.flatMap(({ hop, reason, evidence }) => [
    { source: `hop ${hop}`, detail: clip(reason) },
    ...evidence,
  ])
  const all = [...first, ...ofHops]
  return [...new Map(all.map((one) => [`${one.source}\n${one.detail}`, one])).values()].slice(0, mostEvidence)
}

function withMissing(evidence: readonly Evidence[], missing: readonly string[]): readonly Evidence[] {
  const facts = [...new Set(missing)].map((detail) => ({ source: 'missing fact', detail: clip(detail) }))
  return [...evidence, ...facts].slice(0, mostEvidence)
}

function quoted({ text, isShown }: Report): string {
  return isShown ? `ECS says: ${clip(text)}` : `The event, which ECS no longer shows anything of, says: ${clip(text)}`
}

function checksOf({ candidates }: Report): string {
  const [first] = candidates
  const command = first?.commands[0]
  return `Check ${(first?.checks ?? []).join('; ')}.${command === undefined ? '' : ` Look with: ${command}`}`
}

function asSentence(text: string): string {
  return /[.…]$/.test(text) ? text : `${text}.`
}
