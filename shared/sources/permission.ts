/**
 * What an action can be limited to, in the words of the service: the ARN pattern of the function's own account.
 * `*`: the action takes no resource, or not in the form in which it is called.
 */
export type PermissionResource =
  | 'repository'
  | 'role'
  | 'policy'
  | 'ecs-cluster'
  | 'ecs-service'
  | 'eks-cluster'
  | 'eks-nodegroup'
  | 'eks-fargate-profile'
  | 'eks-pod-identity-association'
  | 'eks-access-entry'
  | 'eks-addon'
  | 'config-aggregator'
  | 'config-rule'
  | 'conformance-pack'
  | 'config-recorder'
  | 'security-hub'
  | 'route53-profile'
  | '*'

/** One call a source makes and what it needs: function roles are derived from such lists. */
export interface ReadPermission {
  /** IAM's name of the call, `service:Operation`. */
  readonly action: `${string}:${string}`
  readonly resource: PermissionResource
  /** Resource types whose reading makes the call. */
  readonly reads: readonly string[]
}

/** What no reader may do even if someone attaches another policy to its role: fetch images, secrets, or other identities. */
export const neverActions: readonly string[] = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'secretsmanager:*',
  'ssm:GetParameter*',
  'iam:PassRole',
  'sts:AssumeRole',
]
