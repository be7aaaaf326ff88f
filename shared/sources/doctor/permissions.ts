import type { ReadPermission } from '../permission.ts'

/** What `doctor` asks on top of the readers. It reads no resource, so no type is named. */
export const permissions = [
  { action: 'config:DescribeDeliveryChannels', resource: '*', reads: [] },
  { action: 'config:DescribeConfigRules', resource: '*', reads: [] },
  // Asked by rule name, and rules are resources of IAM; a rule's id is not known before it exists, hence all rules.
  { action: 'config:DescribeConfigRuleEvaluationStatus', resource: 'config-rule', reads: [] },
  { action: 'config:DescribeComplianceByConfigRule', resource: '*', reads: [] },
  { action: 'securityhub:GetFindings', resource: '*', reads: [] },
  { action: 'securityhub:DescribeHub', resource: 'security-hub', reads: [] },
] as const satisfies readonly ReadPermission[]
