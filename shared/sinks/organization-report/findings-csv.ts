import type { Finding } from '../../model/finding.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { csvLine } from '../report/csv.ts'

/** The findings that need attention, a line each, with their account's name. */
export async function* renderFindingsCsv(
  findings: AsyncIterable<Finding>,
  accountName: (accountId: string) => string,
): AsyncGenerator<string> {
  yield csvLine([
    ...['account', 'account name', 'region', 'resource type', 'resource', 'arn', 'rule', 'severity', 'status'],
    ...['reason', 'fix', 'assumptions', 'exception until', 'exception owner', 'finding'],
  ])
  for await (const finding of findings) {
    const { resource, rule, severity, compliance, reason, remediation, assumptions, exception, id } = finding
    yield csvLine([
      ...[
        resource.accountId,
        accountName(resource.accountId),
        resource.region,
        resource.type,
        resource.id,
        resource.arn,
      ],
      ...[rule, severity, exception === undefined ? compliance : 'EXCEPTED', reason, remediation.text],
      ...[assumptions.join('; '), exception?.expires ?? '', exception?.owner ?? '', id],
    ])
  }
}

/** What was not covered, a line each. */
export async function* renderCoverageCsv(coverage: AsyncIterable<CoverageEntry>): AsyncGenerator<string> {
  yield csvLine(['account', 'region', 'resource type', 'resource', 'reason'])
  for await (const { accountId, region, resourceType, resourceArn, status, reason } of coverage) {
    if (status === 'unknown') yield csvLine([accountId, region, resourceType, resourceArn ?? '', reason ?? ''])
  }
}
