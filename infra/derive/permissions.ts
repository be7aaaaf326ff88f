import { type Area, judgingFunctions } from '../../shared/live/function-names.ts'
import { judgedTypes, type RuleMeta } from '../../shared/rules/define-rule.ts'
import { neverActions, type PermissionResource, type ReadPermission } from '../../shared/sources/permission.ts'
import { conformancePackName, queueNames, uncalled } from '../config.ts'

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
export function callsOf(area: Area, sources: readonly ReadPermission[]): readonly ReadPermission[] {
  const never = uncalled.get(area) ?? []
  return sources.filter(({ action }) => !never.includes(action))
}

/**
 * The least a function behind AWS Config rules needs to judge `rules`: read just the resource types these rules judge or read,
 * compare and record evaluations, go on with its own sweep, queue findings and write its own log. Never a write to the audited
 * services, and no way into Security Hub but the queue.
 */
export function auditorStatements(
  rules: readonly RuleMeta[],
  sources: readonly ReadPermission[],
  functionName: string,
): readonly PermissionStatement[] {
  return [
    ...readStatements(rules, sources),
    ...ofAuditing(functionName),
    queueFindings,
    ...ofEveryFunction(functionName),
  ]
}

/** What `all` allow and `held` do not: statements of the same name differ in their actions only. */
export function statementsBeyond(
  held: readonly PermissionStatement[],
  all: readonly PermissionStatement[],
): readonly PermissionStatement[] {
  const heldActions = new Map(held.map(({ sid, actions }) => [sid, actions]))
  return all
    .map((one) => ({ ...one, actions: one.actions.filter((action) => !heldActions.get(one.sid)?.includes(action)) }))
    .filter(({ actions }) => actions.length > 0)
}

/** What resource-change needs: to invoke the functions it hands events to. It reads nothing, and finds nothing. */
export function resourceChangeStatements(functionName: string): readonly PermissionStatement[] {
  const judging = Object.values(judgingFunctions).map((name) => arn('lambda', `function:${name}`))
  return [allow('HandChangesOn', ['lambda:InvokeFunction'], judging), ...ofEveryFunction(functionName)]
}

/** What pull-failure needs: the reads of its own list, and what judging `rules` behind AWS Config takes. */
export function pullFailureStatements(
  rules: readonly RuleMeta[],
  sources: readonly ReadPermission[],
  reads: readonly ReadPermission[],
  functionName: string,
): readonly PermissionStatement[] {
  return [
    ...statementsOf([...reads, ...readsOf(rules, sources)]),
    ...ofAuditing(functionName),
    queueFindings,
    ...ofEveryFunction(functionName),
  ]
}

/** What finding-publisher needs: its queue, and the account's own default product, so that no other's findings can be forged. */
export function publisherStatements(functionName: string): readonly PermissionStatement[] {
  return [
    allow('ImportFindings', ['securityhub:BatchImportFindings'], [arn('securityhub', `product/${accountId}/default`)]),
    allow(
      'TakeFindingsFromQueue',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      [arn('sqs', queueNames.findings)],
    ),
    allow('SetInvalidFindingsAside', ['sqs:SendMessage'], [arn('sqs', queueNames.findingDeadLetters)]),
    writeOwnLog(functionName),
    neverStatement,
  ]
}

const queueFindings = allow('QueueFindings', ['sqs:SendMessage'], [arn('sqs', queueNames.findings)])

/** What every function behind AWS Config rules needs: to record evaluations and compare with those before, in sweeps of any length. */
function ofAuditing(functionName: string): readonly PermissionStatement[] {
  return [
    allow('RecordEvaluations', ['config:PutEvaluations'], ['*']),
    // AWS Config chooses the ids of rules and packs, and ARNs hold these.
    allow('CompareWithResultsBefore', ['config:GetComplianceDetailsByConfigRule'], [arn('config', 'config-rule/*')]),
    allow(
      'CompareWithResultsOfPack',
      ['config:GetConformancePackComplianceDetails'],
      [arn('config', `conformance-pack/${conformancePackName}/*`)],
    ),
    allow('CompareWithResultOfAccount', ['config:GetComplianceDetailsByResource'], ['*']),
    allow('CompareWithFindingsOfChanges', ['securityhub:GetFindings'], ['*']),
    allow('ReadTagsForExceptions', ['tag:GetResources'], ['*']),
    allow('RereadOversizedItems', ['config:GetResourceConfigHistory'], ['*']),
    allow('GoOnWithOwnSweep', ['lambda:InvokeFunction'], [arn('lambda', `function:${functionName}`)]),
  ]
}

/** What every function needs that is invoked asynchronously. */
function ofEveryFunction(functionName: string): readonly PermissionStatement[] {
  return [
    // Lambda sends what failed every time under the function's role.
    allow('SetFailedInvocationsAside', ['sqs:SendMessage'], [arn('sqs', queueNames.failedInvocations)]),
    writeOwnLog(functionName),
    neverStatement,
  ]
}

function writeOwnLog(functionName: string): PermissionStatement {
  return allow(
    'WriteOwnLog',
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    [arn('logs', `log-group:/aws/lambda/${functionName}:*`)],
  )
}

/** Denied whatever else is attached to a role. */
export const neverStatement: PermissionStatement = {
  sid: 'NeverContentSecretsOrOtherIdentities',
  effect: 'Deny',
  actions: neverActions,
  resources: ['*'],
}

function readStatements(
  rules: readonly RuleMeta[],
  sources: readonly ReadPermission[],
): readonly PermissionStatement[] {
  return statementsOf(readsOf(rules, sources))
}

/** The calls of sources that give what rules judge or read. */
function readsOf(rules: readonly RuleMeta[], sources: readonly ReadPermission[]): readonly ReadPermission[] {
  const types = new Set<string>(rules.flatMap((rule) => [...judgedTypes(rule), ...rule.reads]))
  return sources.filter((source) => source.reads.some((type) => types.has(type)))
}

/** Every call on as little as it can be limited to. Throws when there is none for what a call is limited to. */
function statementsOf(needed: readonly ReadPermission[]): readonly PermissionStatement[] {
  const unlimited = needed.find(({ resource }) => readable.every((one) => one.resource !== resource))
  if (unlimited) throw new Error(`${unlimited.action}: there is no statement for calls on ${unlimited.resource}`)
  const on = (resource: PermissionResource): readonly string[] =>
    [...new Set(needed.filter((source) => source.resource === resource).map(({ action }) => action))].sort()
  return readable
    .map(({ sid, resource, patterns }) => allow(sid, on(resource), patterns))
    .filter(({ actions }) => actions.length > 0)
}

/** Every resource that a read can be limited to, of the own account and the policies of AWS, and what takes no limit. */
const readable: readonly {
  readonly sid: string
  readonly resource: PermissionResource
  readonly patterns: readonly string[]
}[] = [
  { sid: 'ReadRepositories', resource: 'repository', patterns: [arn('ecr', 'repository/*')] },
  { sid: 'ReadRoles', resource: 'role', patterns: [globalArn('iam', 'role/*')] },
  {
    sid: 'ReadPolicies',
    resource: 'policy',
    patterns: [globalArn('iam', 'policy/*'), `arn:${arnPrefix.partition}:iam::aws:policy/*`],
  },
  { sid: 'ReadEcsClusters', resource: 'ecs-cluster', patterns: [arn('ecs', 'cluster/*')] },
  { sid: 'ReadEcsServices', resource: 'ecs-service', patterns: [arn('ecs', 'service/*')] },
  { sid: 'ReadEksClusters', resource: 'eks-cluster', patterns: [arn('eks', 'cluster/*')] },
  { sid: 'ReadNodeGroups', resource: 'eks-nodegroup', patterns: [arn('eks', 'nodegroup/*')] },
  { sid: 'ReadFargateProfiles', resource: 'eks-fargate-profile', patterns: [arn('eks', 'fargateprofile/*')] },
  { sid: 'ReadWhatTakesNoResource', resource: '*', patterns: ['*'] },
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
