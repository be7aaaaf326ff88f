import wrapAnsi from 'wrap-ansi'
import { type Finding, isExcepted } from '../../model/finding.ts'
import { coverageLines } from './coverage-block.ts'
import { exceptionsBlock } from './exceptions-block.ts'
import { pullsBlock } from './pulls-block.ts'
import { type Report, type Summary, severities, summarize } from './report.ts'
import { field, paint, type TextOptions } from './table-text.ts'
import { terminalText } from './terminal-text.ts'

/** How the table is drawn. */
export interface TableOptions extends TextOptions {
  /** Also list what is compliant or not applicable. */
  readonly all: boolean
}

/** The report for a person: by account and resource, worst first, and for each finding what, why and how to mend it. */
export function renderTable(report: Report, options: TableOptions): string {
  // What is excepted has a block of its own: it is neither a failure to mend now nor a pass.
  const shown = report.findings.filter((finding) => !isExcepted(finding) && (options.all || needsAttention(finding)))
  const accounts = [...groupBy(shown, (finding) => `${finding.resource.accountId}  ${finding.resource.region}`)]
  const blocks = sortByWorst(accounts).map(([heading, findings]) => accountBlock(heading, findings, report, options))
  const exceptions = exceptionsBlock(report, options)
  const pulls = pullsBlock(report.pulls, options)
  return [...blocks, exceptions, pulls, coverageBlock(report, options), summaryLine(report, options)]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n')
}

function needsAttention(finding: Finding): boolean {
  return finding.compliance === 'NON_COMPLIANT' || finding.compliance === 'UNDETERMINED'
}

function accountBlock(heading: string, findings: readonly Finding[], report: Report, options: TableOptions): string {
  const resources = sortByWorst([...groupBy(findings, (finding) => finding.resource.arn)])
  const blocks = resources.map(([, own]) => resourceBlock(own, report, options))
  return [paint('bold', terminalText(heading), options), ...blocks].join('\n\n')
}

function resourceBlock(findings: readonly Finding[], report: Report, options: TableOptions): string {
  const [first] = findings
  if (first === undefined) return ''
  const { id, type } = first.resource
  const heading = `  ${paint('bold', terminalText(id), options)}  ${paint('dim', terminalText(type), options)}`
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b))
  return [heading, ...sorted.map((finding) => findingBlock(finding, report, options))].join('\n')
}

function findingBlock(finding: Finding, report: Report, options: TableOptions): string {
  const heading = `    ${label(finding, options)}  ${terminalText(finding.rule)}`
  if (!needsAttention(finding)) return [heading, field('what', finding.reason, options)].join('\n')
  const failed = finding.compliance === 'NON_COMPLIANT'
  const assumptions = finding.assumptions.map((assumption) => field('if', assumption, options))
  const proof = finding.evidence.map((item) => field('proof', `${item.source}: ${item.detail}`, options))
  return [
    heading,
    field('what', finding.reason, options),
    ...(failed ? proof : []),
    ...(failed
      ? [field('why', report.why.get(finding.rule) ?? '', options), field('fix', finding.remediation.text, options)]
      : []),
    ...assumptions,
  ].join('\n')
}

function label(finding: Finding, options: TableOptions): string {
  switch (finding.compliance) {
    case 'NON_COMPLIANT':
      return paint(
        finding.severity === 'CRITICAL' || finding.severity === 'HIGH' ? 'red' : 'yellow',
        finding.severity.padEnd(12),
        options,
      )
    case 'UNDETERMINED':
      return paint('magenta', 'UNDETERMINED', options)
    case 'COMPLIANT':
      return paint('green', 'ok'.padEnd(12), options)
    case 'NOT_APPLICABLE':
      return paint('dim', 'n/a'.padEnd(12), options)
    default:
      return finding.compliance satisfies never
  }
}

function coverageBlock(report: Report, options: TableOptions): string {
  const lines = coverageLines(report.coverage)
  if (lines.length === 0) return ''
  const rows = lines.map(({ accountId, region, text }) => field('gap', `${accountId} ${region} ${text}`, options))
  return [paint('bold', 'Not covered', options), ...rows].join('\n')
}

function summaryLine(report: Report, options: TableOptions): string {
  const summary = summarize(report.findings)
  const counted = severities.map((severity) => `${summary.bySeverity[severity]} ${severity.toLowerCase()}`).join(', ')
  const text = `${resources(summary)} audited: ${failures(summary)} (${counted}), ${rest(summary)}`
  return wrapAnsi(paint('bold', text, options), options.width)
}

function resources(summary: Summary): string {
  return `${summary.resources} ${summary.resources === 1 ? 'resource' : 'resources'}`
}

function failures(summary: Summary): string {
  return `${summary.byCompliance.NON_COMPLIANT} noncompliant`
}

function rest(summary: Summary): string {
  const { UNDETERMINED, COMPLIANT, NOT_APPLICABLE } = summary.byCompliance
  const excepted = summary.excepted === 0 ? '' : `${summary.excepted} excepted, `
  return `${excepted}${UNDETERMINED} undetermined, ${COMPLIANT} compliant, ${NOT_APPLICABLE} not applicable`
}

/** Position from worst (0) to best. */
function rank(finding: Finding): number {
  switch (finding.compliance) {
    case 'NON_COMPLIANT':
      return severities.indexOf(finding.severity)
    case 'UNDETERMINED':
      return severities.length
    case 'COMPLIANT':
      return severities.length + 1
    case 'NOT_APPLICABLE':
      return severities.length + 2
    default:
      return finding.compliance satisfies never
  }
}

/** Groups with the worst finding first; equally bad groups keep the order they came in. */
function sortByWorst(
  groups: readonly (readonly [string, readonly Finding[]])[],
): readonly (readonly [string, readonly Finding[]])[] {
  const worst = (findings: readonly Finding[]) =>
    findings.reduce((least, finding) => Math.min(least, rank(finding)), Infinity)
  return groups.toSorted(([, a], [, b]) => worst(a) - worst(b))
}

function groupBy(findings: readonly Finding[], keyOf: (finding: Finding) => string): Map<string, Finding[]> {
  return Map.groupBy(findings, keyOf)
}
