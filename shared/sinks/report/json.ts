import type { ExceptionReview } from '../../model/exception.ts'
import { type Finding, isExcepted } from '../../model/finding.ts'
import { visibleJson } from '../../model/json-escapes.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { pullRow } from './pull-row.ts'
import { type Report, type Summary, summarize } from './report.ts'
import type { ReportDocument } from './report-schema.ts'

/**
 * The report as one JSON document, in pieces: a report on a large organization is never one string in memory.
 * Every verdict is in it, compliant ones too. Its schema is `docs/report.schema.json`.
 */
export function* renderJson(report: Report): Generator<string> {
  const head = {
    schemaVersion: 1,
    tool: report.tool,
    generatedAt: report.generatedAt,
    summary: summarize(report.findings),
  }
  yield JSON.stringify(head, undefined, 2).slice(0, -'\n}'.length)
  yield* list('coverage', report.coverage, coverageRow)
  yield* list('findings', report.findings, findingRow)
  yield* list('exceptions', report.exceptions ?? [], exceptionRow)
  yield* list('pulls', report.pulls, pullRow)
  yield '\n}\n'
}

/** A report whose lists are read while it is written: those of a whole organization fit into no memory. */
export interface StreamedReport {
  readonly tool: Report['tool']
  /** ISO 8601. */
  readonly generatedAt: string
  /** Counts every verdict, those too that `findings` leaves out. */
  readonly summary: Summary
  readonly coverage: AsyncIterable<CoverageEntry>
  readonly findings: AsyncIterable<Finding>
  readonly exceptions: readonly ExceptionReview[]
}

/** The same document of a report on many accounts. It holds no traced pulls: those are in the reports on each account. */
export async function* renderStreamedJson(report: StreamedReport): AsyncGenerator<string> {
  const { tool, generatedAt, summary } = report
  yield JSON.stringify({ schemaVersion: 1, tool, generatedAt, summary }, undefined, 2).slice(0, -'\n}'.length)
  yield* streamedList('coverage', report.coverage, coverageRow)
  yield* streamedList('findings', report.findings, findingRow)
  yield* list('exceptions', report.exceptions, exceptionRow)
  yield* list('pulls', [], pullRow)
  yield '\n}\n'
}

async function* streamedList<T>(
  name: string,
  entries: AsyncIterable<T>,
  rowOf: (entry: T) => object,
): AsyncGenerator<string> {
  yield `,\n  "${name}": [`
  let separator = ''
  for await (const entry of entries) {
    yield `${separator}\n    ${visibleJson(rowOf(entry))}`
    separator = ','
  }
  yield separator === '' ? ']' : '\n  ]'
}

function* list<T>(name: string, entries: readonly T[], rowOf: (entry: T) => object): Generator<string> {
  yield `,\n  "${name}": [`
  for (const [index, entry] of entries.entries()) yield `${index === 0 ? '' : ','}\n    ${visibleJson(rowOf(entry))}`
  yield entries.length === 0 ? ']' : '\n  ]'
}

function coverageRow(entry: CoverageEntry): ReportDocument['coverage'][number] {
  const { accountId, region, resourceType, status, reason, resourceArn } = entry
  return {
    ...{ accountId, region, resourceType, status },
    ...(reason === undefined ? {} : { reason }),
    ...(resourceArn === undefined ? {} : { resourceArn }),
  }
}

function exceptionRow(review: ExceptionReview): ReportDocument['exceptions'][number] {
  const { exception, status, failing, undetermined } = review
  const { rule, resource, account, tag, reason, owner, expires } = exception
  return {
    rule,
    ...(resource === undefined ? {} : { resource }),
    ...(account === undefined ? {} : { account }),
    ...(tag === undefined ? {} : { tag: { ...tag } }),
    ...{ reason, owner, expires, status, failing, undetermined },
  }
}

function findingRow(finding: Finding): ReportDocument['findings'][number] {
  const { id, rule, severity, compliance, resource, title, reason, evidence, assumptions, remediation } = finding
  return {
    id,
    rule,
    severity,
    compliance,
    resource: { ...resource },
    title,
    reason,
    evidence: evidence.map((item) => ({ ...item })),
    assumptions: [...assumptions],
    remediation: { ...remediation },
    ...(isExcepted(finding) ? { exception: { ...finding.exception } } : {}),
  }
}
