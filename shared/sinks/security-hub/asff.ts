import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { parseArn, partitionOf } from '../../model/arn.ts'
import { exceptionLine } from '../../model/exception.ts'
import { aheadOfConfig, type Finding, isExcepted } from '../../model/finding.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { configResourceOf } from '../config/evaluations.ts'

/** The region of resources that belong to none. */
const globalRegion = 'global'

/** Partitions the format can name; others are left out. */
const namedPartitions = new Map([
  ['aws', 'aws'],
  ['aws-cn', 'aws-cn'],
  ['aws-us-gov', 'aws-us-gov'],
] as const)

const EVIDENCE_LINES = 20

/**
 * A finding in the AWS Security Finding Format. `updatedAt` is the time the resource was read, ISO 8601; `region` is that of
 * the Security Hub it goes to, because resources of IAM have none; `isAheadOfConfig` when no result in AWS Config says the same.
 * Undefined for a finding that is undetermined for a passing reason: nothing may change because of it.
 */
export function asffOf(
  finding: Finding,
  updatedAt: string,
  region: string,
  isAheadOfConfig = false,
): AwsSecurityFinding | undefined {
  if (finding.compliance === 'UNDETERMINED' && finding.transience === 'passing') return undefined
  const { accountId } = finding.resource
  const reason = cut(finding.reason, 1024)
  const status = statusOf(finding)
  return {
    SchemaVersion: '2018-10-08',
    Id: `pullpath/${finding.id}`,
    ProductArn: `arn:${partitionOf(region)}:securityhub:${region}:${accountId}:product/${accountId}/default`,
    ProductName: 'Pullpath',
    CompanyName: 'Pullpath',
    GeneratorId: cut(`pullpath/${finding.rule}`, 512),
    AwsAccountId: accountId,
    Region: region,
    CreatedAt: updatedAt,
    UpdatedAt: updatedAt,
    Title: cut(finding.title, 256),
    Description: reason,
    Remediation: {
      Recommendation: {
        Text: cut(finding.remediation.text, 512),
        ...(finding.remediation.url ? { Url: finding.remediation.url } : {}),
      },
    },
    ProductFields: productFields(finding, isAheadOfConfig),
    Resources: [asffResource(finding.resource, region)],
    Compliance: { Status: status, StatusReasons: [statusReason(finding)] },
    FindingProviderFields: {
      Severity: { Label: failing(finding) ? finding.severity : 'INFORMATIONAL', Original: finding.severity },
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    },
    RecordState: finding.compliance === 'NOT_APPLICABLE' ? 'ARCHIVED' : 'ACTIVE',
  }
}

function statusOf(finding: Finding): 'PASSED' | 'FAILED' | 'WARNING' {
  switch (finding.compliance) {
    case 'COMPLIANT':
    // An archived finding keeps no open failure; NOT_AVAILABLE would reopen closed work.
    case 'NOT_APPLICABLE':
      return 'PASSED'
    case 'NON_COMPLIANT':
      return isExcepted(finding) ? 'PASSED' : 'FAILED'
    case 'UNDETERMINED':
      return 'WARNING'
  }
}

function failing(finding: Finding): boolean {
  return (finding.compliance === 'NON_COMPLIANT' && !isExcepted(finding)) || finding.compliance === 'UNDETERMINED'
}

/** What passes by an exception says so; `Description` of the finding keeps what is wrong. */
function statusReason(finding: Finding): { readonly ReasonCode: string; readonly Description: string } {
  const { compliance, reason } = finding
  if (isExcepted(finding)) {
    const line = `${exceptionLine(finding.exception)}; ${reason}`
    return { ReasonCode: 'PULLPATH_EXCEPTION', Description: cut(line, 1024) }
  }
  return { ReasonCode: `PULLPATH_${compliance}`, Description: cut(reason, 1024) }
}

function exceptionFields(finding: Finding): readonly (readonly [string, string])[] {
  if (!isExcepted(finding)) return []
  const { exception } = finding
  return [
    ['pullpath/exception/owner', cut(exception.owner, 1024)],
    ['pullpath/exception/expires', cut(exception.expires, 1024)],
    ['pullpath/exception/reason', cut(exception.reason, 1024)],
  ]
}

function productFields(finding: Finding, isAheadOfConfig: boolean): Record<string, string> {
  const evidence = finding.evidence.slice(0, EVIDENCE_LINES).map((line, index): [string, string] => {
    return [`pullpath/evidence/${index + 1}`, cut(`${line.source}: ${line.detail}`, 1024)]
  })
  const assumptions = finding.assumptions.slice(0, EVIDENCE_LINES).map((line, index): [string, string] => {
    return [`pullpath/assumption/${index + 1}`, cut(line, 1024)]
  })
  // AWS Config shows what a node group belongs to, and never the node group.
  const isUnknown = isAheadOfConfig || configResourceOf(finding.resource).member !== undefined
  const ahead: readonly [string, string] = [aheadOfConfig, isUnknown ? 'yes' : 'no']
  return Object.fromEntries([
    ...[['pullpath/rule', finding.rule] as const, ahead, ...exceptionFields(finding)],
    ...[...evidence, ...assumptions],
  ])
}

function asffResource(ref: ResourceRef, home: string): NonNullable<AwsSecurityFinding['Resources']>[number] {
  const region = ref.region === globalRegion ? home : ref.region
  const partition = namedPartitions.get(partitionOf(region) as 'aws')
  return {
    ...typedDetails(ref),
    Id: cut(parseArn(ref.arn) ? ref.arn : `${ref.type}/${ref.id}`, 512),
    Region: region,
    ...(partition ? { Partition: partition } : {}),
  }
}

/** The type of Security Hub for a resource, and what it wants to know of it. Node groups and Fargate profiles have none. */
function typedDetails(
  ref: ResourceRef,
): Pick<NonNullable<AwsSecurityFinding['Resources']>[number], 'Type' | 'Details'> {
  const name = ref.arn.split('/').at(-1) ?? ref.id
  switch (ref.type) {
    case 'AWS::ECR::Repository':
      return { Type: 'AwsEcrRepository', Details: { AwsEcrRepository: { Arn: ref.arn, RepositoryName: ref.id } } }
    case 'AWS::IAM::Role':
      return { Type: 'AwsIamRole', Details: { AwsIamRole: { RoleName: cut(name, 64), RoleId: cut(ref.id, 128) } } }
    case 'AWS::ECS::TaskDefinition':
      return {
        Type: 'AwsEcsTaskDefinition',
        Details: { AwsEcsTaskDefinition: { Family: cut(name.split(':')[0] ?? name, 255) } },
      }
    case 'AWS::ECS::Service':
      return {
        Type: 'AwsEcsService',
        Details: { AwsEcsService: { ServiceArn: ref.arn, ServiceName: cut(name, 255) } },
      }
    case 'AWS::EC2::VPC':
      return { Type: 'AwsEc2Vpc' }
    default:
      return {
        Type: 'Other',
        Details: { Other: { resourceType: cut(ref.type, 1024), resourceId: cut(ref.id, 1024) } },
      }
  }
}

/** Text without control characters, at most `max` UTF-16 units, never empty, cut between code points. */
function cut(text: string, max: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  if (clean === '') return '-'
  if (clean.length <= max) return clean
  const end = /[\uD800-\uDBFF]/.test(clean.charAt(max - 2)) ? max - 2 : max - 1
  return `${clean.slice(0, end)}…`
}
