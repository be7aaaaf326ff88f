import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { putStream, type WrittenObject } from '../../shared/sinks/bucket/put-stream.ts'
import { renderCoverageCsv, renderFindingsCsv } from '../../shared/sinks/organization-report/findings-csv.ts'
import { renderOverviewHtml } from '../../shared/sinks/organization-report/html.ts'
import { renderOverviewMarkdown } from '../../shared/sinks/organization-report/markdown.ts'
import type { Overview } from '../../shared/sinks/organization-report/overview.ts'
import { renderStreamedJson } from '../../shared/sinks/report/json.ts'
import { type Run, sinkOf } from './run.ts'
import { toolOf } from './tool.ts'

/** One file of a run's reports. */
export interface ReportFile extends WrittenObject {
  /** Below the run's folder. */
  readonly name: string
  readonly contentType: string
}

/** What the reports are made from; the lists are read anew for each file that holds them. */
export interface ReportParts {
  readonly overview: Overview
  readonly coverage: () => AsyncIterable<CoverageEntry>
  readonly findings: () => AsyncIterable<Finding>
  readonly accountName: (accountId: string) => string
}

/** Writes every report of a run, one after the other: none of them is ever in memory as a whole. @throws what S3 threw */
export async function writeReports(run: Run, parts: ReportParts): Promise<readonly ReportFile[]> {
  const { overview, coverage, findings, accountName } = parts
  const { summary, exceptions } = overview
  const head = { tool: toolOf(), generatedAt: new Date(run.startedAt).toISOString(), summary, exceptions }
  const files: readonly (readonly [string, string, () => Iterable<string> | AsyncIterable<string>])[] = [
    [
      ...(['report.json', 'application/json'] as const),
      () => renderStreamedJson({ ...head, coverage: coverage(), findings: findings() }),
    ],
    ['findings.csv', 'text/csv; charset=utf-8', () => renderFindingsCsv(findings(), accountName)],
    ['coverage.csv', 'text/csv; charset=utf-8', () => renderCoverageCsv(coverage())],
    ['report.html', 'text/html; charset=utf-8', () => [renderOverviewHtml(overview)]],
    ['report.md', 'text/markdown; charset=utf-8', () => [renderOverviewMarkdown(overview)]],
  ]
  const written: ReportFile[] = []
  for (const [name, contentType, pieces] of files) {
    const object = { key: run.keys.report(name), contentType }
    written.push({ name, contentType, ...(await putStream(sinkOf(run), object, pieces())) })
  }
  return written
}
