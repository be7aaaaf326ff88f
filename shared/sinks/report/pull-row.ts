import type { Hop, PullTrace } from '../../model/pull.ts'
import type { ReportDocument } from './report-schema.ts'

type PullRow = ReportDocument['pulls'][number]

/** A traced pull as the JSON report shows it. */
export function pullRow(trace: PullTrace): PullRow {
  const { workload, image, subnets, principals, verdict, firstBrokenHop, hops, nextFailures, grades } = trace
  const { type, arn, name, accountId, region } = workload
  return {
    workload: { type, arn, name, accountId, region },
    image,
    subnets: [...subnets],
    principals: [...principals],
    verdict,
    firstBrokenHop: firstBrokenHop ?? null,
    hops: hops.map(hopRow),
    nextFailures: nextFailures.map(({ hop }) => hop),
    grades: { privacy: grades.privacy ?? null, leastPrivilege: grades.leastPrivilege ?? null },
  }
}

/** One hop; its evidence is copied so that nothing but text of the contract is written. */
export function hopRow({ hop, status, code, reason, evidence, assumptions }: Hop): PullRow['hops'][number] {
  return {
    hop,
    status,
    code,
    reason,
    evidence: evidence.map(({ source, detail }) => ({ source, detail })),
    assumptions: [...assumptions],
  }
}
