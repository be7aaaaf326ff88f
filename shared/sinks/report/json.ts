import type { Finding } from '../../model/finding.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { type Report, summarize } from './report.ts'
import type { ReportDocument } from './report-schema.ts'

/** The report as one JSON document; every verdict is in it, compliant ones too. Its schema is `docs/report.schema.json`. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(toDocument(report), undefined, 2)}\n`
}

/** The JSON report as a value. */
export function toDocument(report: Report): ReportDocument {
  return {
    schemaVersion: 1,
    tool: { ...report.tool },
    generatedAt: report.generatedAt,
    summary: summarize(report.findings),
    coverage: report.coverage.map(coverageRow),
    findings: report.findings.map(findingRow),
    pulls: [],
  }
}

function coverageRow(entry: CoverageEntry): ReportDocument['coverage'][number] {
  const { accountId, region, resourceType, status, reason } = entry
  return { accountId, region, resourceType, status, ...(reason === undefined ? {} : { reason }) }
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
  }
}
