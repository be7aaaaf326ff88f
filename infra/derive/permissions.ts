import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import type { ReadPermission } from '../../shared/sources/ecr/permissions.ts'

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
  const on = (resource: ReadPermission['resource']): readonly string[] =>
    [...new Set(needed.filter((source) => source.resource === resource).map(({ action }) => action))].sort()
  return [
    allow('ReadRepositories', on('repository'), [arn('ecr', 'repository/*')]),
    allow('ReadRegistry', on('*'), ['*']),
  ].filter(({ actions }) => actions.length > 0)
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): PermissionStatement {
  return { sid, effect: 'Allow', actions, resources }
}

function arn(service: string, resource: string): string {
  return `arn:${arnPrefix.partition}:${service}:${arnPrefix.region}:${accountId}:${resource}`
}
