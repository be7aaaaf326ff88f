/** Types every decision about what a role may do in a registry rests on. */
const permissionTypes = [
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::Repository',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Organizations::OrganizationalUnit',
  'AWS::Organizations::Policy',
] as const

/** `reads` of a rule that decides what a role may do: the common types and its own, sorted, each once. */
export function roleReads(...more: readonly string[]): readonly string[] {
  return [...new Set([...permissionTypes, ...more])].sort()
}

/**
 * What changes the answer about a role: its policies, its trust, the repositories' policies, and `calls` of the rule's own.
 * Scheduled too: AWS Config records roles in the home region only, and any event may be lost.
 */
export function roleTriggers(...calls: readonly string[]) {
  return {
    change: true,
    scheduled: true,
    calls: [
      ...['iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
      ...['iam:UpdateAssumeRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary'],
      ...['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'],
      ...['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy', 'ecr:PutRegistryPolicy'],
      ...calls,
    ],
  }
}
