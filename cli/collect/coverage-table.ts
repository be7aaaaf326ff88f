import { coverageLines } from '../../shared/sinks/report/coverage-block.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import type { CoverageLedger, ScopeProgress } from './coverage-ledger.ts'

const mostLines = 200

/**
 * What was read and what was not, for a person: a line for each region of one account, or for each account of several, then
 * what is not covered. `why`: why that which was not read was not.
 */
export function coverageTable(ledger: CoverageLedger, why: string): string {
  const single = ledger.accountIds.length === 1
  const rows = single ? ledger.scopes.map(scopeLine) : ledger.accountIds.map((id) => accountLine(id, ledger.scopes))
  const heading = ['account', single ? 'region' : 'regions', 'items', 'known', 'unknown', 'calls']
  const gaps = coverageLines([...ledger.uncovered(why), ...ledger.unknown])
  const missing = gaps.map(({ accountId, region, text }) => terminalText(`  ${accountId} ${region} ${text}`))
  return [...aligned([heading, ...rows]), ...(missing.length > 0 ? ['Not covered', ...shortened(missing)] : [])]
    .map((line) => `${line}\n`)
    .join('')
}

function scopeLine({ accountId, region, totals }: ScopeProgress): readonly string[] {
  if (totals === undefined) return [accountId, region, '-', '-', '-', '-']
  return [accountId, region, ...[totals.items, totals.known, totals.unknown, totals.calls].map(String)]
}

function accountLine(accountId: string, scopes: readonly ScopeProgress[]): readonly string[] {
  const own = scopes.filter((scope) => scope.accountId === accountId)
  const read = own.flatMap(({ totals }) => totals ?? [])
  if (read.length === 0) return [accountId, '-', '-', '-', '-', '-']
  const regions = own.filter(({ region, totals }) => region !== 'global' && totals !== undefined).length
  const sums = (['items', 'known', 'unknown', 'calls'] as const).map((key) =>
    read.reduce((sum, totals) => sum + totals[key], 0),
  )
  return [accountId, regions, ...sums].map(String)
}

/** Names to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const cell = (text: string, column: number) =>
    column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  ').trimEnd())
}

/** Every gap is in the files; a terminal shows the first. */
function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines), `  and ${lines.length - mostLines} more: see coverage.json and the files`]
}
