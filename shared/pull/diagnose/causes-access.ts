import type { Cause } from './candidate.ts'

const roleRead = [
  'aws iam list-attached-role-policies --role-name {role}',
  'aws iam list-role-policies --role-name {role}',
]
const repositoryPolicy =
  'aws ecr get-repository-policy --region {region} --registry-id {account} --repository-name {repository}'
const endpointPolicies =
  "aws ec2 describe-vpc-endpoints --region {region} --filters Name=service-name,Values='*'.{region}.ecr.api,'*'.{region}.ecr.dkr --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'"
const layerPolicy =
  "aws ec2 describe-vpc-endpoints --region {region} --filters Name=service-name,Values='*'.{region}.s3 --query 'VpcEndpoints[].[VpcEndpointId,VpcEndpointType,PolicyDocument]'"
const guardrails =
  'aws organizations list-policies-for-target --target-id {roleAccount} --filter SERVICE_CONTROL_POLICY'
const token = 'aws ecr get-login-password --region {region} > /dev/null && echo token issued'
const trust = 'aws iam get-role --role-name {role} --query Role.AssumeRolePolicyDocument'

/** Causes in roles and policies, by code. */
export const accessCauses = {
  'role-not-assumable': {
    hop: 'principal',
    meaning: 'the role exists or is named, and the service may not assume it',
    checks: [
      'its trust policy names ecs-tasks.amazonaws.com (tasks), ec2.amazonaws.com (nodes) or eks-fargate-pods.amazonaws.com (pods on Fargate)',
      'where a service account names the role for pulls, its trust policy names the OIDC provider of the cluster, and that provider exists',
      'the role exists in the account of the workload',
      'conditions of the trust policy',
    ],
    commands: [trust],
  },
  'no-execution-role': {
    hop: 'principal',
    meaning: 'Fargate pulls with the task execution role and the task definition names none',
    checks: ['executionRoleArn of the task definition; the task role is never used for pulls'],
    commands: [
      "aws ecs describe-task-definition --region {region} --task-definition '<task definition>' --query taskDefinition.executionRoleArn",
    ],
  },
  'node-credentials-unavailable': {
    hop: 'principal',
    meaning: 'the node got no credentials of its role in time from the instance metadata service',
    checks: ['an instance profile with the node role', 'instance metadata is on and answers (hop limit, tokens)'],
    commands: [
      "aws ec2 describe-instances --region {region} --instance-ids '<instance>' --query 'Reservations[].Instances[].[IamInstanceProfile.Arn,MetadataOptions]'",
    ],
  },
  'identity-policy-lacks-token-action': {
    hop: 'token',
    meaning: 'no policy of the role allows ecr:GetAuthorizationToken',
    checks: [
      'an Allow of ecr:GetAuthorizationToken on Resource * in a policy of the role; on a repository ARN it has no effect',
      'a repository policy cannot grant it',
    ],
    commands: roleRead,
  },
  'token-action-denied': {
    hop: 'token',
    meaning: 'a policy denies ecr:GetAuthorizationToken to the role',
    checks: [
      'Deny statements in the policies of the role',
      'conditions of such statements: aws:SourceVpce and aws:SourceIp differ by the way taken',
    ],
    commands: roleRead,
  },
  'no-credentials': {
    hop: 'token',
    meaning: 'the registry was called without a token: the credential provider gave none for this image',
    checks: [
      'the role of the node may ecr:GetAuthorizationToken',
      'the credential provider of the kubelet matches the registry host (its region, FIPS and dual-stack names too)',
      'earlier errors of the credential provider in the kubelet log',
    ],
    commands: [...roleRead, token],
  },
  'token-refused': {
    hop: 'token',
    meaning: 'the registry refused the token: it is missing, older than twelve hours, or of another region',
    checks: [
      'the token was got in the region of the registry',
      'its age: twelve hours at most',
      'image pull secrets that hold an old token',
    ],
    commands: [token],
  },
  'token-not-refreshed': {
    hop: 'token',
    meaning: 'the token could not be renewed: the call for it failed or was throttled',
    checks: [
      'the role may ecr:GetAuthorizationToken',
      'throttling of GetAuthorizationToken',
      'the credential helper or provider of the node',
    ],
    commands: [token, ...roleRead],
  },
  'agent-has-no-token': {
    hop: 'token',
    meaning: 'the ECS agent got an answer without a token for the registry',
    checks: [
      'the role that pulls may ecr:GetAuthorizationToken',
      'the registry in the image is an ECR registry of that region',
    ],
    commands: [...roleRead, token],
  },
  'credential-provider-missing': {
    hop: 'token',
    meaning: 'the kubelet is told to use ecr-credential-provider and the program is not on the node',
    checks: [
      '--image-credential-provider-bin-dir of the kubelet and the program in it',
      'the machine image of the node',
    ],
    commands: ['kubectl get nodes -o wide'],
  },
  'stale-public-login': {
    hop: 'token',
    meaning: 'ECR Public refused an old login; its images can be pulled without one',
    checks: [
      'an old login for public.ecr.aws in the Docker or Helm configuration; docker logout and helm registry logout remove it',
    ],
    commands: ['grep -n public.ecr.aws ~/.docker/config.json ~/.config/helm/registry/config.json'],
  },
  'identity-policy-lacks-pull-action': {
    hop: 'pull-actions',
    meaning: 'no policy of the role allows the pull action on this repository',
    checks: [
      'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the ARN of the repository in a policy of the role',
      'that the role named in the message is the one that should pull',
    ],
    commands: [...roleRead, repositoryPolicy],
  },
  'repository-policy-lacks-pull-action': {
    hop: 'pull-actions',
    meaning: 'the repository lies in another account and its policy does not let this role pull',
    checks: [
      'the repository policy allows ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the role or its account',
      'principals in it that begin with AROA or AIDA are deleted roles and users',
      'repositories that a pull-through cache made have no policy unless a creation template gives one',
    ],
    commands: [repositoryPolicy],
  },
  'pull-action-denied': {
    hop: 'pull-actions',
    meaning: 'a Deny in a policy of the role, of the repository or of the registry refuses the pull action',
    checks: [
      'Deny statements in the policies of the role and in the repository policy',
      'the registry policy of the account that owns the image',
    ],
    commands: [...roleRead, repositoryPolicy, 'aws ecr get-registry-policy --region {region}'],
  },
  'pull-not-permitted': {
    hop: 'pull-actions',
    meaning: 'the registry answered 403: the role may not pull from this repository',
    checks: [
      'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in a policy of the role',
      'for a repository of another account, its repository policy too',
      'account and region of the image',
    ],
    commands: [...roleRead, repositoryPolicy],
  },
  'repository-policy-invalid': {
    hop: 'pull-actions',
    meaning: 'ECR refuses the repository policy: it holds an action or element that repositories do not have',
    checks: [
      'ecr:GetAuthorizationToken does not belong in a repository policy',
      'a repository policy has no Resource element',
    ],
    commands: [repositoryPolicy],
  },
  'policy-principal-not-found': {
    hop: 'pull-actions',
    meaning: 'ECR refuses the policy: a principal named in it does not exist',
    checks: [
      'roles, users and accounts named as principals exist',
      'the role is created before the policy that names it',
    ],
    commands: [repositoryPolicy],
  },
  'endpoint-policy-refuses': {
    hop: 'endpoint-policy',
    meaning: 'the policy of the VPC endpoint on the way does not let this role do this',
    checks: [
      'the policy of the ecr.api endpoint for GetAuthorizationToken, of ecr.dkr for BatchGetImage and GetDownloadUrlForLayer',
      'repositories of AWS itself (EKS add-ons, GuardDuty) must be allowed there too',
    ],
    commands: [endpointPolicies],
  },
  'layer-endpoint-policy-refuses': {
    hop: 'endpoint-policy',
    meaning:
      'S3 answered 403 to the download of a layer: the policy of the S3 endpoint does not allow the layer bucket',
    checks: [
      's3:GetObject on the bucket prod-<region>-starport-layer-bucket for Principal * in the policy of the S3 endpoint',
      'no condition there on organization, account or principal: layers are fetched with an address signed by ECR itself',
    ],
    commands: [layerPolicy],
  },
  'scp-refuses': {
    hop: 'guardrails',
    meaning: 'a service control policy of the organization refuses the action to the account of the role',
    checks: [
      'service control policies on the account, its organizational units and the root',
      'each level must allow the action',
    ],
    commands: [guardrails],
  },
  'rcp-refuses': {
    hop: 'guardrails',
    meaning: 'a resource control policy of the organization that owns the repository refuses the action',
    checks: ['resource control policies on the account that owns the repository'],
    commands: ['aws organizations list-policies-for-target --target-id {account} --filter RESOURCE_CONTROL_POLICY'],
  },
  'boundary-refuses': {
    hop: 'guardrails',
    meaning: 'the permissions boundary of the role does not allow the action',
    checks: ['the boundary allows the three pull actions; it must allow what the policies of the role grant'],
    commands: ['aws iam get-role --role-name {role} --query Role.PermissionsBoundary'],
  },
  'session-policy-refuses': {
    hop: 'guardrails',
    meaning: 'the session was made with a policy that does not allow the action',
    checks: ['the policy passed when the role was assumed'],
    commands: roleRead,
  },
  'guardrail-refuses': {
    hop: 'guardrails',
    meaning: 'a service control policy, resource control policy or permissions boundary refuses the pull',
    checks: [
      'the permissions boundary of the role',
      'service control policies on its account, resource control policies on the account of the repository',
    ],
    commands: ['aws iam get-role --role-name {role} --query Role.PermissionsBoundary', guardrails],
  },
  'log-access-refused': {
    hop: 'ancillary',
    meaning: 'the execution role may not write to the log group, and the task does not start without its log driver',
    checks: [
      'logs:CreateLogStream and logs:PutLogEvents in a policy of the execution role',
      'logs:CreateLogGroup where the task definition sets awslogs-create-group',
    ],
    commands: roleRead,
  },
  'secret-not-found': {
    hop: 'ancillary',
    meaning: 'a secret or parameter that the task names does not exist there; the image itself is not in question',
    checks: [
      'names and ARNs under secrets and repositoryCredentials of the task definition; the region in them',
      'a secret that is scheduled for deletion, or has no current version',
    ],
    commands: [
      "aws ecs describe-task-definition --region {region} --task-definition '<task definition>' --query 'taskDefinition.containerDefinitions[].[secrets,repositoryCredentials]'",
    ],
  },
  'secret-access-refused': {
    hop: 'ancillary',
    meaning: 'the execution role may not read a secret or parameter of the task; the image itself is not in question',
    checks: [
      'secretsmanager:GetSecretValue or ssm:GetParameters in a policy of the execution role, kms:Decrypt for keys of your own',
      'the policy of the secret, when it lies in another account',
    ],
    commands: roleRead,
  },
} as const satisfies Record<string, Cause>
