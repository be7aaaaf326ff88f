import { managedPolicies } from './documents.ts'
import { type PermissionsRequest, type PrintedPolicies, permissionsFor, splitRoleName } from './request.ts'
import { type PolicyStatement, readerStatements } from './statements.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the spelling of Terraform
const here = {
  partition: '${data.aws_partition.current.partition}',
  accountId: '${data.aws_caller_identity.current.account_id}',
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the spelling of Terraform

/**
 * Terraform of the reader's role with its trust policy and permissions; of another part than `member` the managed policies
 * only, to be attached to whoever runs it.
 */
export function terraform(request: PermissionsRequest): PrintedPolicies {
  const place = { partition: request.partition ?? here.partition, accountId: request.accountId ?? here.accountId }
  const groups = managedPolicies(readerStatements(permissionsFor(request), place, request))
  const names = groups.map((_, index) => (groups.length === 1 ? 'reader' : `reader_${index + 1}`))
  const blocks = [
    ...(request.parts.includes('member') ? roleBlocks(request) : []),
    ...groups.map((statements, index) => documentBlock(names[index] ?? '', statements)),
    ...names.map((name) => policyBlock(name, request)),
    ...(request.parts.includes('member') ? names.map(attachmentBlock) : []),
  ]
  const text = `${[...dataBlocks(blocks.join('\n')), ...blocks].join('\n')}`
  return { text, policies: groups.length }
}

/** Only what the rest refers to: a data source nobody reads is noise in a plan. */
function dataBlocks(rest: string): readonly string[] {
  return ['aws_partition', 'aws_caller_identity']
    .filter((kind) => rest.includes(`data.${kind}.current`))
    .map((kind) => `data "${kind}" "current" {}\n`)
}

function roleBlocks({ roleName, trusted, organizationId }: PermissionsRequest): readonly string[] {
  const { path, name } = splitRoleName(roleName)
  return [
    variableBlock('trusted_account', 'Account whose identity takes on the role.', trusted.accountId),
    variableBlock(
      'trusted_role',
      'Name of the only role in it that may; empty: whom that account permits.',
      trusted.roleName ?? '',
    ),
    variableBlock('external_id', 'External id the caller has to state; empty: none.', trusted.externalId ?? ''),
    variableBlock(
      'organization_id',
      'Organization (o-...) the caller has to belong to; empty: any.',
      organizationId ?? '',
    ),
    trustBlock,
    `resource "aws_iam_role" "reader" {
  name                 = ${quoted(name)}
  path                 = ${quoted(path)}
  description          = "Pullpath reads configuration with it; it writes nothing."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}
`,
  ]
}

function variableBlock(name: string, description: string, value: string | undefined): string {
  return `variable "${name}" {
  type        = string
  description = ${quoted(description)}
${value === undefined ? '' : `  default     = ${quoted(value)}\n`}}
`
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the spelling of Terraform
const trustBlock = `data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "TrustedCaller"
    actions = ["sts:AssumeRole"]

    principals {
      type = "AWS"
      identifiers = [
        "arn:\${data.aws_partition.current.partition}:iam::\${var.trusted_account}:\${var.trusted_role == "" ? "root" : "role/\${var.trusted_role}"}",
      ]
    }
${conditionBlock('external_id', 'sts:ExternalId')}
${conditionBlock('organization_id', 'aws:PrincipalOrgID')}
  }
}
`
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the spelling of Terraform

function conditionBlock(variable: string, key: string): string {
  return `
    dynamic "condition" {
      for_each = var.${variable} == "" ? [] : [var.${variable}]

      content {
        test     = "StringEquals"
        variable = "${key}"
        values   = [condition.value]
      }
    }`
}

function documentBlock(name: string, statements: readonly PolicyStatement[]): string {
  return `data "aws_iam_policy_document" "${name}" {
${statements.map(statementBlock).join('\n')}}
`
}

function statementBlock({ sid, effect, actions, resources, equals = [] }: PolicyStatement): string {
  const conditions = equals.map(
    ([key, value]) => `
    condition {
      test     = "StringEquals"
      variable = ${quoted(key)}
      values   = [${quoted(value)}]
    }
`,
  )
  return `  statement {
    sid    = ${quoted(sid)}
    effect = ${quoted(effect)}
    actions = [
${actions.map((action) => `      ${quoted(action)},\n`).join('')}    ]
    resources = [
${resources.map((resource) => `      ${quoted(resource)},\n`).join('')}    ]
${conditions.join('')}  }
`
}

function policyBlock(name: string, { parts }: PermissionsRequest): string {
  const suffix = name.replace('reader', '').replace('_', '-')
  return `resource "aws_iam_policy" "${name}" {
  name        = "pullpath-${parts.join('-')}${suffix}"
  description = "What Pullpath reads, and what it never does."
  policy      = data.aws_iam_policy_document.${name}.json
}
`
}

function attachmentBlock(name: string): string {
  return `resource "aws_iam_role_policy_attachment" "${name}" {
  role       = aws_iam_role.reader.name
  policy_arn = aws_iam_policy.${name}.arn
}
`
}

/** All texts are checked on the way in: none holds a quote, a backslash or, but for references, a `$`. */
function quoted(text: string): string {
  return `"${text}"`
}
