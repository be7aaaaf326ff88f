import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'

/**
 * The body of the message that carries a finding: its JSON text, nothing else. The two characters that JSON leaves as they are and
 * SQS refuses are escaped; every other one SQS refuses JSON escapes itself.
 */
export function messageBody(finding: AwsSecurityFinding): string {
  return JSON.stringify(finding).replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff')
}
