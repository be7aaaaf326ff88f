import { terminalText } from '../report/terminal-text.ts'
import type { Overview, PlaceNote } from './overview.ts'

/** Rows of a table; a summary for a chat or a ticket names no more. */
const MOST = 20

/** The overview in Markdown, for tickets and chats. */
export function renderOverviewMarkdown(overview: Overview): string {
  const { run, expected, covered, heartbeats, summary } = overview
  const { bySeverity, byCompliance } = summary
  return [
    '# Pullpath: image supply path of the organization',
    `Run ${cell(run)}, ${cell(overview.startedAt)} to ${cell(overview.endedAt)}.`,
    `**${covered} of ${expected.places}** places judged (${expected.accounts} accounts, ${expected.regions} regions). Heartbeats: ${heartbeats.seen} seen, ${heartbeats.missing.length} missing, ${heartbeats.unknown} unknown.`,
    `**${byCompliance.NON_COMPLIANT} noncompliant** (${bySeverity.CRITICAL} critical, ${bySeverity.HIGH} high, ${bySeverity.MEDIUM} medium, ${bySeverity.LOW} low), ${summary.excepted} excepted, ${byCompliance.UNDETERMINED} undetermined, ${byCompliance.COMPLIANT} compliant, ${byCompliance.NOT_APPLICABLE} not applicable.`,
    ...section(
      'Worst findings',
      ['Severity', 'Account', 'Region', 'Resource', 'Rule'],
      overview.worst.map(({ severity, compliance, resource, rule }) => [
        ...[compliance === 'UNDETERMINED' ? compliance : severity, resource.accountId, resource.region],
        ...[resource.id, rule],
      ]),
    ),
    ...section('Not covered', noteHeads, overview.notCovered.map(noteCells)),
    ...section('Missing heartbeats', noteHeads, heartbeats.missing.map(noteCells)),
  ]
    .join('\n\n')
    .concat('\n')
}

const noteHeads = ['Account', 'Name', 'Region', 'Why']

function noteCells({ accountId, accountName, region, note }: PlaceNote): readonly string[] {
  return [accountId, accountName, region, note]
}

function section(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  const lines = [heads, heads.map(() => '---'), ...rows.slice(0, MOST).map((cells) => cells.map(cell))]
  const more = rows.length > MOST ? [`and ${rows.length - MOST} more`] : []
  return [`## ${title}`, lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), ...more]
}

/** Nothing of an account's words is a link, a mention or markup. */
function cell(text: string): string {
  return terminalText(text)
    .replaceAll(/[\\`*_{}[\]()#+.!|<>~&-]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
}
