import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import type { Finding } from '../../model/finding.ts'
import { asffOf } from './asff.ts'

/** Where and when findings were made; times are ISO 8601. */
export interface Rendering {
  /** The function's own: findings go to the Security Hub of this region, whatever region their resource has. */
  readonly region: string
  /** When the resources were read. */
  readonly readAt: string
  /**
   * Time of the change an event told of: what could not be read is no newer than that, and must not cover what a later reading
   * has found.
   */
  readonly toldAt?: string
  /** True of what was found without AWS Config, which the next sweep has to confirm. */
  readonly isAheadOfConfig?: boolean
}

/** Findings in the AWS Security Finding Format, without those of which Security Hub is told nothing. */
export function renderFindings(
  findings: readonly Finding[],
  { region, readAt, toldAt = readAt, isAheadOfConfig }: Rendering,
): readonly AwsSecurityFinding[] {
  return findings.flatMap((finding) => {
    const updatedAt = finding.compliance === 'UNDETERMINED' ? toldAt : readAt
    return asffOf(finding, updatedAt, region, isAheadOfConfig) ?? []
  })
}
