import type { Finding } from '../../model/finding.ts'
import { type Html, html } from '../report/html-text.ts'
import type { Counts, Overview, PlaceNote } from './overview.ts'

const style = `body{font:14px/1.5 system-ui,sans-serif;margin:2rem;max-width:75rem}table{border-collapse:collapse;margin:1rem 0}
td,th{border-bottom:1px solid #ddd;padding:.25rem .75rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right}`

/** The overview as a page that needs nothing from anywhere and runs nothing. */
export function renderOverviewHtml(overview: Overview): string {
  const { run, startedAt, endedAt, expected, covered, heartbeats } = overview
  const body = html`<h1>Pullpath: image supply path of the organization</h1>
<p>Run ${run}, from ${startedAt} to ${endedAt}.</p>
<p>${covered} of ${expected.places} places (${expected.accounts} accounts, ${expected.regions} regions) were judged.
Heartbeats: ${heartbeats.seen} seen, ${heartbeats.missing.length} missing, ${heartbeats.unknown} unknown.</p>
${summaryTable(overview)}
<h2>Worst findings</h2>
<p>${overview.worst.length} of ${overview.open} that need attention; all of them are in report.json and findings.csv.</p>
${table(['Severity', 'Account', 'Region', 'Resource', 'Rule', 'What'], overview.worst.map(findingRow))}
<h2>Accounts</h2>
${table(
  ['Account', 'Name', 'Regions', 'Not covered', ...countNames],
  overview.accounts.map(
    (one) =>
      html`<tr><td>${one.accountId}</td><td>${one.accountName}</td>${numbers([one.regions, one.notCovered, ...countsOf(one)])}</tr>`,
  ),
)}
<h2>Rules</h2>
${table(
  ['Rule', ...countNames],
  overview.rules.map((one) => html`<tr><td>${one.rule}</td>${numbers(countsOf(one))}</tr>`),
)}
<h2>Not covered</h2>
${notes(overview.notCovered)}
<h2>Missing heartbeats</h2>
${notes(heartbeats.missing)}`
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Pullpath report</title><style>${{ html: style }}</style></head>
<body>
${body}
</body></html>
`.html
}

const countNames = ['Noncompliant', 'Undetermined', 'Excepted', 'Compliant', 'Not applicable']

function countsOf(counts: Counts): readonly number[] {
  return [counts.noncompliant, counts.undetermined, counts.excepted, counts.compliant, counts.notApplicable]
}

function summaryTable({ summary }: Overview): Html {
  const { byCompliance, bySeverity, excepted, resources } = summary
  const rows: readonly (readonly [string, number])[] = [
    ['Resources', resources],
    ['Critical', bySeverity.CRITICAL],
    ['High', bySeverity.HIGH],
    ['Medium', bySeverity.MEDIUM],
    ['Low', bySeverity.LOW],
    ['Excepted', excepted],
    ['Undetermined', byCompliance.UNDETERMINED],
    ['Compliant', byCompliance.COMPLIANT],
    ['Not applicable', byCompliance.NOT_APPLICABLE],
  ]
  return table(
    ['Findings', 'How many'],
    rows.map(([name, count]) => html`<tr><td>${name}</td>${numbers([count])}</tr>`),
  )
}

function findingRow({ severity, compliance, resource, rule, reason }: Finding): Html {
  const word = compliance === 'UNDETERMINED' ? compliance : severity
  return html`<tr><td>${word}</td><td>${resource.accountId}</td><td>${resource.region}</td><td>${resource.id}</td><td>${rule}</td><td>${reason}</td></tr>
`
}

function notes(all: readonly PlaceNote[]): Html {
  if (all.length === 0) return html`<p>None.</p>`
  return table(
    ['Account', 'Name', 'Region', 'Why'],
    all.map(
      ({ accountId, accountName, region, note }) =>
        html`<tr><td>${accountId}</td><td>${accountName}</td><td>${region}</td><td>${note}</td></tr>
`,
    ),
  )
}

function numbers(all: readonly number[]): readonly Html[] {
  return all.map((one) => html`<td class="n">${one}</td>`)
}

function table(names: readonly string[], rows: readonly Html[]): Html {
  const heads = names.map((name) => html`<th scope="col">${name}</th>`)
  return html`<table><thead><tr>${heads}</tr></thead><tbody>
${rows}</tbody></table>`
}
