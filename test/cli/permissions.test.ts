// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
import { execFile } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { managedPolicies, policyDocument } from '../../cli/permissions/documents.ts'
import { readerStatements } from '../../cli/permissions/statements.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { parseArn } from '../../shared/model/arn.ts'
import type { JsonValue } from '../../shared/model/json.ts'
import type { PermissionResource } from '../../shared/sources/permission.ts'
import { type ReaderPart, readerPermissions } from '../../shared/sources/reader-permissions.ts'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a process of its own, from source. */
function permissions(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'permissions', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const account = '111122223333'
const role = `arn:aws:iam::${account}:role/pullpath-reader`
const regional = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${account}:${resource}`

/** A resource of each kind, as a call would name it. */
const resources: Record<PermissionResource, readonly string[]> = {
  repository: [regional('ecr', 'repository/team/app')],
  role: [`arn:aws:iam::${account}:role/team/deployer`],
  policy: [
    `arn:aws:iam::${account}:policy/own`,
    'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
  ],
  'ecs-cluster': [regional('ecs', 'cluster/prod')],
  'ecs-service': [regional('ecs', 'service/prod/api')],
  'eks-cluster': [regional('eks', 'cluster/prod')],
  'eks-nodegroup': [regional('eks', 'nodegroup/prod/blue/0a1b')],
  'eks-fargate-profile': [regional('eks', 'fargateprofile/prod/default/0a1b')],
  'eks-pod-identity-association': [regional('eks', 'podidentityassociation/prod/a-0a1b')],
  'eks-access-entry': [regional('eks', `access-entry/prod/role/${account}/deployer/0a1b`)],
  'eks-addon': [regional('eks', 'addon/prod/vpc-cni/0a1b')],
  'config-aggregator': [regional('config', 'config-aggregator/config-aggregator-0a1b')],
  'config-rule': [regional('config', 'config-rule/config-rule-0a1b'), '*'],
  'conformance-pack': [regional('config', 'conformance-pack/pullpath/conformance-pack-0a1b')],
  'config-recorder': [regional('config', 'configuration-recorder/default/0a1b'), '*'],
  'security-hub': [regional('securityhub', 'hub/default')],
  'route53-profile': ['arn:aws:route53profiles:eu-central-1:444455556666:profile/rp-0a1b'],
  '*': ['*'],
}

/** The trust policy of a role that lets the reader in: only the reader's own policy stands in the way. */
const trustInCaller = {
  document: known('trust', { Effect: 'Allow', Principal: { AWS: role }, Action: 'sts:AssumeRole' }),
}

function known(name: string, ...statements: readonly JsonValue[]): Extract<PolicyDocument, { state: 'known' }> {
  const json = { Version: '2012-10-17', Statement: statements }
  const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

/** What the printed policies decide, as everything the reader's role has. */
function decide(printed: string, action: string, arn: string): string {
  const documents = [JSON.parse(printed)].flat()
  const identityPolicies = documents.map(({ Statement }, index) => known(`printed ${index}`, ...Statement))
  const principal = { kind: 'role', arn: role, accountId: account } as const
  const owner = parseArn(arn)?.accountId
  const accountId = owner === undefined || !/^\d+$/.test(owner) ? account : owner
  const request = { principal, action, resource: { arn, accountId }, context: new Map() }
  const resourcePolicies = action === 'sts:AssumeRole' ? [trustInCaller] : []
  return evaluateAccess({ request, identityPolicies, resourcePolicies }).decision
}

const dangerous: readonly (readonly [action: string, arn: string])[] = [
  ...[
    'ecr:GetAuthorizationToken',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:PutImage',
    'ecr:SetRepositoryPolicy',
    'ecr:DeleteRepository',
    'ecr:BatchDeleteImage',
    'ecr:PutImageTagMutability',
  ].map((action) => [action, regional('ecr', 'repository/team/app')] as const),
  ['ecr:PutRegistryPolicy', '*'],
  ['ecr:CreatePullThroughCacheRule', '*'],
  ['iam:PassRole', `arn:aws:iam::${account}:role/admin`],
  ['iam:AttachRolePolicy', role],
  ['iam:PutRolePolicy', role],
  ['iam:UpdateAssumeRolePolicy', role],
  ['iam:CreatePolicyVersion', `arn:aws:iam::${account}:policy/own`],
  ['iam:CreateAccessKey', `arn:aws:iam::${account}:user/admin`],
  ['iam:CreateUser', `arn:aws:iam::${account}:user/admin`],
  ['sts:AssumeRole', `arn:aws:iam::444455556666:role/admin`],
  ['secretsmanager:GetSecretValue', regional('secretsmanager', 'secret:db-0a1b2c')],
  ['ssm:GetParameter', regional('ssm', 'parameter/db')],
  ['ssm:GetParametersByPath', regional('ssm', 'parameter/db')],
  ['ssm:SendCommand', '*'],
  ['kms:Decrypt', regional('kms', 'key/0a1b')],
  ['s3:GetObject', 'arn:aws:s3:::config-files/x'],
  ['ecs:RunTask', regional('ecs', 'task-definition/app:1')],
  ['ecs:ExecuteCommand', regional('ecs', 'cluster/prod')],
  ['eks:CreateAccessEntry', regional('eks', 'cluster/prod')],
  ['ec2:RunInstances', regional('ec2', 'instance/*')],
  ['ec2:AuthorizeSecurityGroupIngress', regional('ec2', 'security-group/sg-1')],
  ['lambda:InvokeFunction', regional('lambda', 'function:pullpath-ecr-policy-auditor')],
  ['lambda:GetFunction', regional('lambda', 'function:pullpath-ecr-policy-auditor')],
  ['config:PutEvaluations', '*'],
  ['config:StopConfigurationRecorder', regional('config', 'configuration-recorder/default/0a1b')],
  ['config:DeleteConfigRule', regional('config', 'config-rule/config-rule-0a1b')],
  ['securityhub:BatchImportFindings', regional('securityhub', `product/${account}/default`)],
  ['organizations:DetachPolicy', '*'],
]

describe('pullpath permissions', () => {
  test.each<[ReaderPart, readonly string[]]>([
    ['member', ['--images']],
    ['organization', []],
    ['aggregator', []],
    ['doctor', []],
  ])('--for %s allows every action it needs, on the resources it needs it for', async (part, more) => {
    const { code, stdout, stderr } = await permissions('--for', part, ...more)
    expect([code, stderr]).toEqual([0, ''])
    const needed = [...readerPermissions[part], ...(part === 'member' ? readerPermissions.images : [])]
    const requests = needed
      // Everybody may ask who they are.
      .filter(({ action }) => action !== 'sts:GetCallerIdentity')
      .flatMap(({ action, resource }) =>
        (action === 'sts:AssumeRole' ? ['arn:aws:iam::444455556666:role/pullpath-reader'] : resources[resource]).map(
          (arn) => [action, arn] as const,
        ),
      )
    expect(requests.filter(([action, arn]) => decide(stdout, action, arn) !== 'allowed')).toEqual([])
    expect(requests.length).toBeGreaterThanOrEqual(4)
  })

  test('no part, nor all of them together, allows any of 36 dangerous actions', async () => {
    expect(dangerous).toHaveLength(36)
    const parts = ['member', 'organization', 'aggregator', 'doctor'].map((part) => ['--for', part])
    const printed = await Promise.all([...parts, [...parts.flat(), '--images']].map((args) => permissions(...args)))
    for (const { stdout } of printed) {
      expect(dangerous.filter(([action, arn]) => decide(stdout, action, arn) === 'allowed')).toEqual([])
    }
  })

  test('what a reader never does is denied, not merely left out', async () => {
    const { stdout } = await permissions()
    expect(decide(stdout, 'ecr:BatchGetImage', regional('ecr', 'repository/team/app'))).toBe('explicitlyDenied')
    expect(decide(stdout, 'sts:AssumeRole', 'arn:aws:iam::444455556666:role/pullpath-reader')).toBe('explicitlyDenied')
    expect(decide(stdout, 'ecr:PutImage', regional('ecr', 'repository/team/app'))).toBe('implicitlyDenied')
  })

  test('images are read only when asked for', async () => {
    const [without, withImages] = await Promise.all([permissions(), permissions('--images')])
    const repository = regional('ecr', 'repository/team/app')
    expect(decide(without.stdout, 'ecr:DescribeImages', repository)).toBe('implicitlyDenied')
    expect(decide(withImages.stdout, 'ecr:DescribeImages', repository)).toBe('allowed')
  })

  test('resources are limited to the account and partition that are named', async () => {
    const { stdout } = await permissions('--account', account, '--partition', 'aws-cn')
    const texts = JSON.parse(stdout).Statement.flatMap(({ Resource }: { Resource: string[] }) => Resource)
    expect(texts.filter((text: string) => text !== '*' && !text.startsWith('arn:aws-cn:'))).toEqual([])
    expect(texts).toContain(`arn:aws-cn:ecr:*:${account}:repository/*`)
    expect(texts).toContain('arn:aws-cn:iam::aws:policy/*')
    expect(texts).not.toContain('arn:aws-cn:ecr:*:*:repository/*')
  })

  test('the start of an organization run may assume the named role of its organization alone', async () => {
    const args = ['--for', 'organization', '--role-name', '/audit/Reader', '--organization-id', 'o-abcdefghij']
    const { stdout } = await permissions(...args)
    expect(JSON.parse(stdout).Statement.at(-2)).toEqual({
      Sid: 'AssumeReaderRole',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: ['arn:aws:iam::*:role/audit/Reader'],
      Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-abcdefghij' } },
    })
  })

  test.each([
    [['--trusted-account', '12'], 'expected a 12-digit account id'],
    [['--role-name', 'a"b'], 'expected the name of a role'],
    [['--external-id', 'a${b}'], 'expected an external id'],
    [['--trusted-account', '111122223333'], '--trusted-account: needs --format terraform or cloudformation'],
    [['--for', 'everybody'], 'Allowed choices are member, organization, aggregator, doctor'],
    [['--format', 'yaml'], 'Allowed choices are json, terraform, cloudformation'],
  ])('%j is refused in one line', async (args, words) => {
    const { code, stdout, stderr } = await permissions(...args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toContain(words)
  })
})

describe('managed policies', () => {
  const place = { partition: 'aws', accountId: '*' }
  const all = readerStatements([...readerPermissions.member, ...readerPermissions.images], place, { roleName: 'x' })

  test('everything a member needs fits into one', () => {
    expect(managedPolicies(all)).toHaveLength(1)
  })

  test('what is too long for one is split, in order, nothing lost', () => {
    const groups = managedPolicies(all, 1_500)
    expect(groups.length).toBeGreaterThan(1)
    expect(groups.flat()).toEqual(all)
    const lengths = groups.map((group) => JSON.stringify(policyDocument(group)).length)
    expect(lengths.filter((length, index) => length > 1_500 && (groups[index]?.length ?? 0) > 1)).toEqual([])
  })
})

describe('templates', () => {
  const trust = ['--trusted-account', '444455556666', '--trusted-role', 'auditor', '--external-id', 'a1b2-c3d4']
  const more = [...trust, '--organization-id', 'o-abcdefghij', '--role-name', 'audit/Reader']

  test('CloudFormation: role, trust and policy, with the options as defaults of the parameters', async () => {
    const { stdout } = await permissions('--format', 'cloudformation', ...more)
    const template = JSON.parse(stdout)
    const defaults = Object.fromEntries(
      Object.entries<{ Default?: string }>(template.Parameters).map(([name, { Default }]) => [name, Default]),
    )
    expect(defaults).toEqual({
      TrustedAccountId: '444455556666',
      TrustedRoleName: 'auditor',
      ExternalId: 'a1b2-c3d4',
      OrganizationId: 'o-abcdefghij',
    })
    const { RoleName, Path, AssumeRolePolicyDocument } = template.Resources.ReaderRole.Properties
    expect([RoleName, Path]).toEqual(['Reader', '/audit/'])
    const [statement] = AssumeRolePolicyDocument.Statement
    expect(statement.Principal).toEqual({
      AWS: {
        'Fn::If': [
          'OneRoleOnly',
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${TrustedAccountId}:role/${TrustedRoleName}' },
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${TrustedAccountId}:root' },
        ],
      },
    })
    expect(statement.Condition['Fn::If'][1].StringEquals).toEqual({
      'sts:ExternalId': { 'Fn::If': ['HasExternalId', { Ref: 'ExternalId' }, { Ref: 'AWS::NoValue' }] },
      'aws:PrincipalOrgID': { 'Fn::If': ['HasOrganization', { Ref: 'OrganizationId' }, { Ref: 'AWS::NoValue' }] },
    })
    const policy = template.Resources.ReaderPolicy.Properties
    expect(policy.Roles).toEqual([{ Ref: 'ReaderRole' }])
    expect(policy.PolicyDocument.Statement[0].Resource).toEqual([
      { 'Fn::Sub': 'arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/*' },
    ])
  })

  test('CloudFormation for who starts an organization run: a policy, no role', async () => {
    const { stdout } = await permissions('--format', 'cloudformation', '--for', 'organization')
    const template = JSON.parse(stdout)
    expect(Object.keys(template.Resources)).toEqual(['ReaderPolicy'])
    expect(template.Parameters).toBeUndefined()
  })

  test('Terraform states the same actions as the policy document', async () => {
    const [json, { stdout }] = await Promise.all([permissions(), permissions('--format', 'terraform', ...more)])
    const listed = JSON.parse(json.stdout).Statement.flatMap(({ Action }: { Action: string[] }) => Action)
    const reader = stdout.slice(stdout.indexOf('data "aws_iam_policy_document" "reader"'))
    const stated = [...reader.matchAll(/^ {6}"([a-z0-9]+:[^:"]+)",$/gm)].map(([, action]) => action)
    expect(stated).toEqual(listed)
    expect(stdout).toContain('default     = "444455556666"')
    expect(stdout).toContain('path                 = "/audit/"')
    expect(stdout).toContain('variable = "sts:ExternalId"')
    expect(stdout).toContain('variable = "aws:PrincipalOrgID"')
  })
})
