import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import type { PermissionResource, ReadPermission } from '../../shared/sources/permission.ts'
import { type AuditedArea, uncalled } from '../config.ts'

/** One IAM statement. Resources may hold CloudFormation pseudo parameters in `Fn::Sub` spelling. */
export interface PermissionStatement {
  readonly sid: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

/** Pseudo parameters, substituted when the template is deployed: the same template serves every partition, account and region. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const accountId = '${AWS::AccountId}'
// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const arnPrefix = { partition: '${AWS::Partition}', region: '${AWS::Region}' }

/** The calls of the sources that the function of an area makes. */
export function callsOf(area: AuditedArea, sources: readonly ReadPermission[]): readonly ReadPermission[] {
  const never = uncalled.get(area) ?? []
  return sources.filter(({ action }) => !never.includes(action))
}

/**
 * The least a function needs to judge `rules`: read just the resource types these rules judge or read, record evaluations,
 * import findings and write its own log. Never a write to the audited services.
 */
export function auditorStatements(
  rules: readonly RuleMeta[],
  sources: readonly ReadPermission[],
  functionName: string,
): readonly PermissionStatement[] {
  return [
    ...readStatements(rules, sources),
    allow('RecordEvaluations', ['config:PutEvaluations'], ['*']),
    allow('RereadOversizedItems', ['config:GetResourceConfigHistory'], ['*']),
    // The account's own default product only: no other product's findings can be forged.
    allow('ImportFindings', ['securityhub:BatchImportFindings'], [arn('securityhub', `product/${accountId}/default`)]),
    allow(
      'WriteOwnLog',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [arn('logs', `log-group:/aws/lambda/${functionName}:*`)],
    ),
    neverStatement,
  ]
}

/** What no auditor may do even if someone attaches another policy to its role: fetch images, secrets, or other identities. */
export const neverStatement: PermissionStatement = {
  sid: 'NeverContentSecretsOrOtherIdentities',
  effect: 'Deny',
  actions: [
    'ecr:GetAuthorizationToken',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'secretsmanager:*',
    'ssm:GetParameter*',
    'iam:PassRole',
    'sts:AssumeRole',
  ],
  resources: ['*'],
}

function readStatements(
  rules: readonly RuleMeta[],
  sources: readonly ReadPermission[],
): readonly PermissionStatement[] {
  const types = new Set(rules.flatMap((rule) => [rule.judges, ...rule.reads]))
  const needed = sources.filter((source) => source.reads.some((type) => types.has(type)))
  const on = (resource: PermissionResource): readonly string[] =>
    [...new Set(needed.filter((source) => source.resource === resource).map(({ action }) => action))].sort()
  return readable
    .map(({ sid, resource, pattern }) => allow(sid, on(resource), [pattern]))
    .filter(({ actions }) => actions.length > 0)
}

/** Every resource of the own account that a read can be limited to, and what takes no limit. */
const readable: readonly { readonly sid: string; readonly resource: PermissionResource; readonly pattern: string }[] = [
  { sid: 'ReadRepositories', resource: 'repository', pattern: arn('ecr', 'repository/*') },
  { sid: 'ReadRoles', resource: 'role', pattern: globalArn('iam', 'role/*') },
  { sid: 'ReadPolicies', resource: 'policy', pattern: globalArn('iam', 'policy/*') },
  { sid: 'ReadEcsClusters', resource: 'ecs-cluster', pattern: arn('ecs', 'cluster/*') },
  { sid: 'ReadEcsServices', resource: 'ecs-service', pattern: arn('ecs', 'service/*') },
  { sid: 'ReadEksClusters', resource: 'eks-cluster', pattern: arn('eks', 'cluster/*') },
  { sid: 'ReadNodeGroups', resource: 'eks-nodegroup', pattern: arn('eks', 'nodegroup/*') },
  { sid: 'ReadFargateProfiles', resource: 'eks-fargate-profile', pattern: arn('eks', 'fargateprofile/*') },
  { sid: 'ReadWhatTakesNoResource', resource: '*', pattern: '*' },
]

function allow(sid: string, actions: readonly string[], resources: readonly string[]): PermissionStatement {
  return { sid, effect: 'Allow', actions, resources }
}

/** Resources of IAM have no region. */
function globalArn(service: string, resource: string): string {
  return `arn:${arnPrefix.partition}:${service}::${accountId}:${resource}`
}

function arn(service: string, resource: string): string {
  return `arn:${arnPrefix.partition}:${service}:${arnPrefix.region}:${accountId}:${resource}`
}
