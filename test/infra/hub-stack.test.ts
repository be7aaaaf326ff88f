import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hubAlarms } from '../../infra/hub/alarms.ts'
import { organizationStatements } from '../../infra/hub/permissions.ts'
import { readEnvironment } from '../../lambdas/organization/environment.ts'
import type { Measure } from '../../lambdas/organization/measures.ts'
import { readEnvironment as readReportEnvironment } from '../../lambdas/organization-report/environment.ts'
import type { Measure as ReportMeasure } from '../../lambdas/organization-report/measures.ts'
import { present } from '../../shared/iam/conditions/context.ts'
import { withCompleteContext } from '../../shared/iam/evaluate/derived-context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument, RequestPrincipal } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { permissions as ofWriting } from '../../shared/sinks/bucket/put-text.ts'
import { permissions as ofLookUps } from '../../shared/sources/foreign-repositories/permissions.ts'
import { permissions as ofOrganizations } from '../../shared/sources/organizations/permissions.ts'
import { heartbeatKey } from '../../shared/sources/published/names.ts'
import { permissions as ofRegions } from '../../shared/sources/regions/permissions.ts'
import { chosen, hubStack, noHubCode } from './hub-synthesised.ts'
import { deployed, ofType, type Resource } from './synthesised.ts'

const { template } = hubStack()
const all = deployed(template, chosen)
const account = '111122223333'
const bucket = 'arn:aws:s3:::HubBucket'

function the(type: string, from: ReadonlyMap<string, Resource> = all): Resource {
  const [first, ...others] = ofType(from, type)
  expect(others).toEqual([])
  return first!
}

function named(type: string, property: string, name: string): Resource {
  return ofType(all, type).find(({ Properties }) => Properties[property] === name)!
}

function known(name: string, json: object): PolicyDocument {
  const parsed = parsePolicy({ json: json as never, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

const anything = known('all', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
const roleOf = (accountId: string, name: string): RequestPrincipal => ({
  ...{ kind: 'role', accountId, arn: `arn:aws:iam::${accountId}:role/${name}` },
})

/** What an account gets of a resource of the hub when its own policies allow everything. */
function decision(
  principal: RequestPrincipal,
  action: string,
  arn: string,
  policy: object,
  context: Readonly<Record<string, string>>,
) {
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), present(value)] as const)
  const request = { principal, action, resource: { arn, accountId: account }, context: new Map(keys) }
  const resourcePolicies = [{ document: known('resource', policy) }]
  return evaluateAccess(withCompleteContext({ request, identityPolicies: [anything], resourcePolicies })).decision
}

describe('the bucket of the hub', () => {
  const { Properties: policy } = the('AWS::S3::BucketPolicy')
  const member = roleOf('444455556666', 'StackSet-pullpath-member-EcrPolicyAuditorRole-ABC')
  const own = { 'aws:PrincipalOrgID': 'o-abcdefghij', 'aws:SecureTransport': 'true' }
  const by = (who: RequestPrincipal, action: string, key: string, context: Record<string, string> = own) =>
    decision(who, action, key === '' ? bucket : `${bucket}/${key}`, policy.PolicyDocument, context)
  const asked = (action: string, key: string, context?: Record<string, string>) => by(member, action, key, context)

  it('is encrypted with a key of its own, versioned, private and of one owner', () => {
    expect(the('AWS::S3::Bucket').Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: `arn:aws:kms:eu-central-1:${account}:key/HubKey`,
            },
          },
        ],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      VersioningConfiguration: { Status: 'Enabled' },
    })
  })

  it('outlives the stack, and so do its key and its policy', () => {
    const resources = template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>
    const retained = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
    expect(retained.map(({ Type }) => Type).sort()).toEqual([
      'AWS::KMS::Key',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ])
  })

  it('forgets reports after 400 days, heartbeats after 30 and replaced versions after 90', () => {
    const { Rules } = the('AWS::S3::Bucket').Properties.LifecycleConfiguration
    expect(Rules).toEqual([
      { Id: 'reports-end', Status: 'Enabled', Prefix: 'reports/', ExpirationInDays: 400 },
      {
        ...{ Id: 'heartbeats-end', Status: 'Enabled', Prefix: 'published/heartbeats/', ExpirationInDays: 30 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      {
        ...{ Id: 'replaced-versions-end', Status: 'Enabled' },
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      { Id: 'markers-of-deleted-reports-end', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ])
  })

  it.each(['organization.json', 'settings.json', 'settings.yaml'])(
    'lets the organization read published/%s',
    (name) => {
      expect(asked('s3:GetObject', `published/${name}`)).toBe('allowed')
    },
  )

  it.each([
    ['s3:GetObject', 'source/settings.yaml'],
    ['s3:GetObject', 'published/'],
    ['s3:GetObject', 'published/organization.json.old'],
    ['s3:GetObject', 'settings.json'],
    ['s3:GetObject', 'reports/latest.json'],
    ['s3:GetObjectVersion', 'published/organization.json'],
    ['s3:PutObject', 'published/organization.json'],
    ['s3:PutObject', 'source/settings.yaml'],
    ['s3:PutObject', 'reports/runs/1/report.json'],
    ['s3:DeleteObject', 'published/settings.json'],
    ['s3:PutObjectAcl', 'published/settings.json'],
    ['s3:ListBucket', ''],
    ['s3:PutBucketPolicy', ''],
  ])('does not let the organization %s %s', (action, key) => {
    expect(asked(action, key)).toBe('implicitlyDenied')
  })

  it('lets nobody of another organization, or of none, read', () => {
    const secure = { 'aws:SecureTransport': 'true' }
    expect(asked('s3:GetObject', 'published/settings.json', { ...own, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' })).toBe(
      'implicitlyDenied',
    )
    expect(asked('s3:GetObject', 'published/settings.json', secure)).toBe('implicitlyDenied')
  })

  const beat = 'published/heartbeats/444455556666/eu-central-1/ecr.json'

  it('lets deployed roles of a member write heartbeats of their own account, as the functions name them', () => {
    expect(`published/${heartbeatKey('444455556666', 'eu-central-1', 'ecr')}`).toBe(beat)
    expect(asked('s3:PutObject', beat)).toBe('allowed')
    expect(by(roleOf('444455556666', 'pullpath-member-EcrPolicyAuditorRole-ABC'), 's3:PutObject', beat)).toBe('allowed')
  })

  it.each([
    ['s3:PutObject', 'published/heartbeats/777788889999/eu-central-1/ecr.json'],
    ['s3:PutObject', 'published/heartbeats/4444555566667/eu-central-1/ecr.json'],
    ['s3:PutObject', 'published/heartbeats/444455556666'],
    ['s3:PutObject', 'published/heartbeats/organization.json'],
    ['s3:PutObject', 'heartbeats/444455556666/eu-central-1/ecr.json'],
    ['s3:PutObject', 'reports/published/heartbeats/444455556666/eu-central-1/ecr.json'],
    ['s3:GetObject', 'published/heartbeats/444455556666/eu-central-1/ecr.json'],
    ['s3:GetObject', 'published/heartbeats/777788889999/eu-central-1/ecr.json'],
    ['s3:DeleteObject', 'published/heartbeats/444455556666/eu-central-1/ecr.json'],
    ['s3:PutObjectAcl', 'published/heartbeats/444455556666/eu-central-1/ecr.json'],
    ['s3:PutObjectTagging', 'published/heartbeats/444455556666/eu-central-1/ecr.json'],
  ])('does not let a member %s %s', (action, key) => {
    expect(asked(action, key)).toBe('implicitlyDenied')
  })

  it('takes no heartbeats of other roles, of another organization, or without TLS', () => {
    expect(by(roleOf('444455556666', 'admin'), 's3:PutObject', beat)).toBe('implicitlyDenied')
    expect(by(roleOf('444455556666', 'my-pullpath-role'), 's3:PutObject', beat)).toBe('implicitlyDenied')
    expect(asked('s3:PutObject', beat, { ...own, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' })).toBe('implicitlyDenied')
    expect(asked('s3:PutObject', beat, { ...own, 'aws:SecureTransport': 'false' })).toBe('explicitlyDenied')
  })

  it('answers over TLS only, to its own account too', () => {
    const plain = { ...own, 'aws:SecureTransport': 'false' }
    expect(asked('s3:GetObject', 'published/settings.json', plain)).toBe('explicitlyDenied')
    const admin = roleOf(account, 'admin')
    const arn = `${bucket}/source/settings.yaml`
    expect(decision(admin, 's3:PutObject', arn, policy.PolicyDocument, plain)).toBe('explicitlyDenied')
    expect(decision(admin, 's3:PutObject', arn, policy.PolicyDocument, own)).toBe('allowed')
  })
})

describe('the key of the hub', () => {
  const { Properties: key } = the('AWS::KMS::Key')
  const arn = `arn:aws:kms:eu-central-1:${account}:key/HubKey`
  const member = roleOf('444455556666', 'StackSet-pullpath-member-EcrPolicyAuditorRole-ABC')
  const throughS3 = { 'aws:PrincipalOrgID': 'o-abcdefghij', 'kms:ViaService': 's3.eu-central-1.amazonaws.com' }
  const asked = (action: string, context: Record<string, string>) =>
    decision(member, action, arn, key.KeyPolicy, context)

  it('rotates, and is called by the alias that guardrails know', () => {
    expect(key.EnableKeyRotation).toBe(true)
    expect(the('AWS::KMS::Alias').Properties).toEqual({ AliasName: 'alias/pullpath-hub', TargetKeyId: 'HubKey' })
  })

  it('makes data keys for deployed roles of the organization through S3 of its region', () => {
    const elsewhere = { ...throughS3, 'kms:ViaService': 's3.us-east-1.amazonaws.com' }
    expect(asked('kms:GenerateDataKey', throughS3)).toBe('allowed')
    expect(asked('kms:GenerateDataKey', elsewhere)).toBe('implicitlyDenied')
    expect(asked('kms:GenerateDataKey', { 'aws:PrincipalOrgID': 'o-abcdefghij' })).toBe('implicitlyDenied')
    const foreign = { ...throughS3, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' }
    expect(asked('kms:GenerateDataKey', foreign)).toBe('implicitlyDenied')
    const admin = roleOf('444455556666', 'admin')
    expect(decision(admin, 'kms:GenerateDataKey', arn, key.KeyPolicy, throughS3)).toBe('implicitlyDenied')
  })

  it('decrypts for the organization through S3 of its region, and does nothing else for it', () => {
    expect(asked('kms:Decrypt', throughS3)).toBe('allowed')
    expect(asked('kms:Decrypt', { ...throughS3, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' })).toBe('implicitlyDenied')
    expect(asked('kms:Decrypt', { ...throughS3, 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' })).toBe(
      'implicitlyDenied',
    )
    expect(asked('kms:Decrypt', { 'aws:PrincipalOrgID': 'o-abcdefghij' })).toBe('implicitlyDenied')
    for (const action of ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:ScheduleKeyDeletion']) {
      expect(asked(action, throughS3)).toBe('implicitlyDenied')
    }
  })
})

describe('the aggregator', () => {
  const reader = named('AWS::IAM::Role', 'RoleName', 'pullpath-aggregator-reader').Properties
  const arn = `arn:aws:iam::${account}:role/pullpath/pullpath-aggregator-reader`
  const right = { 'aws:PrincipalOrgID': 'o-abcdefghij', 'sts:ExternalId': chosen.AggregatorExternalId }
  const enters = (role: RequestPrincipal, context: Record<string, string> = right) =>
    decision(role, 'sts:AssumeRole', arn, reader.AssumeRolePolicyDocument, context)
  const member = roleOf('444455556666', 'StackSet-pullpath-member-EcrPolicyAuditorRole-ABC')

  it('collects the whole organization in all regions', () => {
    expect(the('AWS::Config::ConfigurationAggregator').Properties).toEqual({
      ConfigurationAggregatorName: 'pullpath-organization',
      OrganizationAggregationSource: { AllAwsRegions: true, RoleArn: expect.stringContaining('Collector') },
    })
  })

  it('lets AWS Config ask which accounts there are, and nothing else', () => {
    const [collector] = ofType(all, 'AWS::IAM::Role').filter(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('config.amazonaws.com'),
    )
    const [policy] = collector!.Properties.Policies
    expect(policy.PolicyDocument.Statement.map(({ Action }: { Action: string[] }) => Action)).toEqual([
      [
        'organizations:DescribeOrganization',
        'organizations:ListAccounts',
        'organizations:ListAWSServiceAccessForOrganization',
        'organizations:ListDelegatedAdministrators',
      ],
    ])
    expect(collector!.Properties).not.toHaveProperty('ManagedPolicyArns')
  })

  it('is read by a role whose ARN members can be told before they exist', () => {
    expect([reader.Path, reader.RoleName]).toEqual(['/pullpath/', 'pullpath-aggregator-reader'])
    const [policy] = reader.Policies
    expect(policy.PolicyDocument.Statement).toEqual([
      {
        Sid: 'ReadTheAggregator',
        Effect: 'Allow',
        Action: ofLookUps.filter(({ resource }) => resource === 'config-aggregator').map(({ action }) => action),
        Resource: expect.stringMatching(/^OrganizationAggregator\w+\.ConfigurationAggregatorArn$/),
      },
    ])
  })

  it('lets deployed roles of the organization in, of stack sets and of stacks by hand', () => {
    expect(enters(member)).toBe('allowed')
    expect(enters(roleOf('777788889999', 'pullpath-member-EcrPolicyAuditorRole-ABC'))).toBe('allowed')
  })

  it('keeps everyone else out', () => {
    expect(enters(member, { ...right, 'sts:ExternalId': 'another' })).toBe('implicitlyDenied')
    expect(enters(member, { 'aws:PrincipalOrgID': 'o-abcdefghij' })).toBe('implicitlyDenied')
    expect(enters(member, { ...right, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' })).toBe('implicitlyDenied')
    expect(enters(roleOf('444455556666', 'admin'))).toBe('implicitlyDenied')
    expect(enters(roleOf('444455556666', 'my-pullpath-role'))).toBe('implicitlyDenied')
  })

  it('can be closed to members', () => {
    const off = deployed(template, { ...chosen, RepositoryLookUp: 'off' })
    const names = ofType(off, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName)
    expect(names).not.toContain('pullpath-aggregator-reader')
    const told = new Map(
      the('AWS::CloudFormation::StackSet', off).Properties.Parameters.map(
        (one: { ParameterKey: string; ParameterValue: string }) => [one.ParameterKey, one.ParameterValue],
      ),
    )
    expect([told.get('AggregatorRole'), told.get('AggregatorExternalId')]).toEqual(['', ''])
  })

  it('asks for an external id that is hidden and cannot be guessed', () => {
    const { NoEcho, Default, AllowedPattern } = template.toJSON().Parameters.AggregatorExternalId
    expect([NoEcho, Default]).toEqual([true, undefined])
    expect(new RegExp(AllowedPattern).test('pullpath')).toBe(false)
    expect(new RegExp(AllowedPattern).test('f'.repeat(64))).toBe(true)
  })
})

describe('pullpath-organization', () => {
  const lambda = named('AWS::Lambda::Function', 'FunctionName', 'pullpath-organization').Properties
  const role = all.get(lambda.Role.split('/').at(-1))!.Properties
  const [{ PolicyDocument: policy }] = role.Policies
  const asked = (action: string, arn: string) => {
    const request = {
      principal: roleOf(account, 'organization'),
      ...{ action, resource: { arn, accountId: account }, context: new Map() },
    }
    const keyPolicy = { document: known('key', the('AWS::KMS::Key').Properties.KeyPolicy) }
    const resourcePolicies = action.startsWith('kms:') ? [keyPolicy] : []
    const identityPolicies = [known('own', policy)]
    return evaluateAccess(withCompleteContext({ request, identityPolicies, resourcePolicies })).decision
  }
  const key = `arn:aws:kms:eu-central-1:${account}:key/HubKey`
  const published = ['organization.json', 'settings.json', 'settings.yaml'].map((name) => `${bucket}/published/${name}`)

  it('is one at a time, has five minutes, and what its environment says is valid', () => {
    expect(lambda).toMatchObject({
      ...{ FunctionName: 'pullpath-organization', Timeout: 300, ReservedConcurrentExecutions: 1 },
      ...{ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' },
    })
    expect(readEnvironment({ ...lambda.Environment.Variables, PULLPATH_HUB_BUCKET: 'hub' })).toEqual({
      ...{ bucket: 'hub', prefix: 'published/', settingsSource: 'source/settings.yaml' },
    })
    expect(lambda.Environment.Variables.PULLPATH_HUB_BUCKET).toBe('HubBucket')
  })

  it('reserves nothing where the quota of the account is too small', () => {
    const small = deployed(template, { ...chosen, ReserveConcurrency: 'off' })
    expect(
      ofType(small, 'AWS::Lambda::Function').map(({ Properties }) => Properties.ReservedConcurrentExecutions),
    ).toEqual([...[undefined, undefined]])
  })

  it.each([
    ...[...ofOrganizations, ...ofRegions].map(({ action }) => [action, '*'] as const),
    ...published.map((arn) => ['s3:GetObject', arn] as const),
    ['s3:GetObject', `${bucket}/source/settings.yaml`] as const,
    ...published.map((arn) => ['s3:PutObject', arn] as const),
    // Without it S3 says that an object that is missing is denied.
    ['s3:ListBucket', bucket] as const,
    ...ofWriting.filter(({ resource }) => resource === 'hub-key').map(({ action }) => [action, key] as const),
    ['sqs:SendMessage', `arn:aws:sqs:eu-central-1:${account}:pullpath-hub-failed-invocations`] as const,
  ])('may %s on %s', (action, arn) => {
    expect(asked(action, arn)).toBe('allowed')
  })

  it.each([
    ['s3:PutObject', `${bucket}/source/settings.yaml`],
    ['s3:PutObject', `${bucket}/reports/latest.json`],
    ['s3:GetObject', `${bucket}/reports/latest.json`],
    ['s3:DeleteObject', `${bucket}/published/organization.json`],
    ['s3:PutBucketPolicy', bucket],
    ['s3:GetObject', 'arn:aws:s3:::another/published/settings.json'],
    ['kms:PutKeyPolicy', key],
    ['organizations:CreateAccount', '*'],
    ['organizations:UpdatePolicy', '*'],
    ['organizations:LeaveOrganization', '*'],
    ['sts:AssumeRole', 'arn:aws:iam::444455556666:role/OrganizationAccountAccessRole'],
    ['iam:PassRole', `arn:aws:iam::${account}:role/x`],
    ['secretsmanager:GetSecretValue', '*'],
    ['lambda:UpdateFunctionCode', `arn:aws:lambda:eu-central-1:${account}:function:pullpath-organization`],
    ['config:SelectAggregateResourceConfig', '*'],
  ])('may not %s on %s', (action, arn) => {
    expect(asked(action, arn)).toMatch(/Denied$/)
  })

  it('allows no wildcard action', () => {
    const allowed = organizationStatements().flatMap(({ effect, actions }) => (effect === 'Allow' ? actions : []))
    expect(allowed.filter((action) => action.includes('*'))).toEqual([])
  })

  it('is invoked each hour, by that rule only, and what fails every time is kept', () => {
    const queue = `arn:aws:sqs:eu-central-1:${account}:pullpath-hub-failed-invocations`
    const rule = named('AWS::Events::Rule', 'Name', 'pullpath-organization-hourly').Properties
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' })
    expect(rule.Targets).toEqual([
      {
        Id: 'function',
        Arn: `arn:aws:lambda:eu-central-1:${account}:function:pullpath-organization`,
        DeadLetterConfig: { Arn: queue },
        RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
      },
    ])
    const permissions = ofType(all, 'AWS::Lambda::Permission').map(({ Properties }) => Properties)
    expect(permissions.map(({ Principal, SourceArn }) => [Principal, SourceArn])).toContainEqual([
      'events.amazonaws.com',
      `arn:aws:events:eu-central-1:${account}:rule/pullpath-organization-hourly`,
    ])
    const [retries] = ofType(all, 'AWS::Lambda::EventInvokeConfig')
    expect(retries!.Properties).toMatchObject({
      ...{ FunctionName: 'pullpath-organization', MaximumRetryAttempts: 2 },
      DestinationConfig: { OnFailure: { Destination: queue } },
    })
  })

  it('publishes for the stack before members are deployed, and again whenever it or what it is told changes', () => {
    const asked = (code?: string, parameters: Readonly<Record<string, string>> = {}) => {
      const made = code === undefined ? template : hubStack({ ...noHubCode, organization: code }).template
      return the('AWS::CloudFormation::CustomResource', deployed(made, { ...chosen, ...parameters })).Properties
    }
    expect(asked()).toEqual({
      ServiceToken: `arn:aws:lambda:eu-central-1:${account}:function:pullpath-organization`,
      // Three attempts of five minutes, with one minute and two between them.
      ServiceTimeout: 1_200,
      Code: createHash('sha256').update(noHubCode.organization).digest('hex'),
      ...{ Bucket: 'HubBucket', SettingsKey: 'source/settings.yaml' },
    })
    expect(asked('exports.handler=1').Code).not.toBe(asked().Code)
    expect(asked(undefined, { SettingsKey: 'source/other.yaml' }).SettingsKey).toBe('source/other.yaml')
  })

  it('has a queue for that: encrypted, over TLS only, for fourteen days', () => {
    const queue = the('AWS::SQS::Queue').Properties
    expect(queue).toEqual({
      ...{ QueueName: 'pullpath-hub-failed-invocations', MessageRetentionPeriod: 1_209_600 },
      SqsManagedSseEnabled: true,
    })
    const [tls, rules] = the('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })
    expect(rules.Condition.ArnEquals['aws:SourceArn']).toContain(
      `arn:aws:events:eu-central-1:${account}:rule/pullpath-organization-hourly`,
    )
  })
})

describe('the report', () => {
  const variables = (parameters: Readonly<Record<string, string>>) => {
    const functions = ofType(deployed(template, { ...chosen, ...parameters }), 'AWS::Lambda::Function')
    const { Environment } = functions.find(
      ({ Properties }) => Properties.FunctionName === 'pullpath-organization-report',
    )!.Properties
    // CloudFormation names bucket and aggregator.
    return { ...Environment.Variables, PULLPATH_HUB_BUCKET: 'hub', PULLPATH_AGGREGATOR: 'pullpath-organization' }
  }

  it('is told the hub, the regions, and where AWS Config delivers', () => {
    expect(readReportEnvironment(variables({}))).toEqual({
      ...{ bucket: 'hub', prefix: 'published/', reportPrefix: 'reports/' },
      ...{ regions: ['eu-central-1', 'us-east-1'], homeRegion: undefined, config: undefined },
      aggregator: 'pullpath-organization',
      ruleSets: 'ecr=recommended,role=recommended,vpc=recommended,image=recommended',
      targets: ['r-ab12', 'ou-ab12-abcdefgh'],
    })
    expect(readReportEnvironment(variables({ VpcRules: 'all', ImageRules: 'none' })).ruleSets).toBe(
      'ecr=recommended,role=recommended,vpc=all,image=none',
    )
    const config = {
      ...{ ConfigBucket: 'config-bucket', ConfigBucketPrefix: 'org/', ConfigBucketAccount: '444455556666' },
      ...{ ConfigBucketRegion: 'us-east-1', HomeRegion: 'us-east-1' },
    }
    expect(readReportEnvironment(variables(config))).toMatchObject({
      homeRegion: 'us-east-1',
      config: { bucket: 'config-bucket', prefix: 'org/', accountId: '444455556666', region: 'us-east-1' },
    })
  })

  it('is told no more than the 4 KB that Lambda takes, however long the parameters are', () => {
    const { Parameters } = template.toJSON() as { Parameters: Record<string, { MaxLength?: number }> }
    const longest = (id: string) => 'x'.repeat(Parameters[id]!.MaxLength!)
    const told = variables({
      ...{ OrganizationalUnits: longest('OrganizationalUnits'), Regions: longest('Regions') },
      ...{ ConfigBucketPrefix: longest('ConfigBucketPrefix'), ConfigBucket: 'b'.repeat(63) },
      ...{ HomeRegion: 'r'.repeat(20), ConfigBucketRegion: 'r'.repeat(20), ConfigBucketAccount: '1'.repeat(12) },
    })
    const size = Object.entries(told).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0)
    expect(size).toBeGreaterThan(3_000)
    // The name of the bucket has at most 63 characters.
    expect(size + 63).toBeLessThanOrEqual(4_096)
  })

  it('starts as scheduled, and a start that fails every time is kept with the rest', () => {
    const rule = named('AWS::Events::Rule', 'Name', 'pullpath-organization-report').Properties
    const queue = `arn:aws:sqs:eu-central-1:${account}:pullpath-hub-failed-invocations`
    expect(rule.ScheduleExpression).toBe('cron(0 5 * * ? *)')
    expect(rule.Targets[0].DeadLetterConfig).toEqual({ Arn: queue })
    const [, rules] = the('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement
    expect(rules.Condition.ArnEquals['aws:SourceArn']).toEqual(
      ['pullpath-organization-hourly', 'pullpath-organization-report'].map(
        (name) => `arn:aws:events:eu-central-1:${account}:rule/${name}`,
      ),
    )
  })

  it('reads the bucket of AWS Config only where one is given, and the aggregator otherwise', () => {
    const names = (parameters: Readonly<Record<string, string>>) =>
      ofType(deployed(template, { ...chosen, ...parameters }), 'AWS::IAM::Policy').map(
        ({ Properties }) => Properties.PolicyName,
      )
    expect(names({})).toEqual(['Report', 'AggregatorReads'])
    expect(names({ ConfigBucket: 'config-bucket' })).toEqual(['Report', 'SnapshotReads'])
  })
})

describe('the alarms of the hub', () => {
  const alarms = ofType(all, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
  const of = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric)

  it('miss an organization that was not published for three hours, silence included', () => {
    expect(of('OrganizationPublished')).toEqual([
      expect.objectContaining({
        ...{ Namespace: 'Pullpath', Dimensions: [{ Name: 'service', Value: 'pullpath-organization' }] },
        ...{ Statistic: 'Sum', ComparisonOperator: 'LessThanThreshold', Threshold: 1 },
        ...{ Period: 3_600, EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'breaching' },
      }),
    ])
  })

  it('miss a report that did not end for 26 hours, silence included', () => {
    expect(of('ReportPublished')).toEqual([
      expect.objectContaining({
        Dimensions: [{ Name: 'service', Value: 'pullpath-organization-report' }],
        ...{ Statistic: 'Sum', ComparisonOperator: 'LessThanThreshold', Threshold: 1 },
        ...{ Period: 3_600, EvaluationPeriods: 26, DatapointsToAlarm: 26, TreatMissingData: 'breaching' },
      }),
    ])
  })

  it.each([
    'HeartbeatsMissing',
    // Tasks that failed are among them: nobody has looked for a heartbeat there.
    'HeartbeatsUnknown',
  ])('tell of every place counted in %s, for as long as the daily report does', (metric) => {
    expect(of(metric)).toEqual([
      expect.objectContaining({
        ...{ Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold', Threshold: 0 },
        ...{ Period: 3_600, EvaluationPeriods: 24, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching' },
      }),
    ])
  })

  it('tell when something failed every time', () => {
    expect(of('ApproximateNumberOfMessagesVisible')).toEqual([
      expect.objectContaining({
        Dimensions: [{ Name: 'QueueName', Value: 'pullpath-hub-failed-invocations' }],
        ...{ ComparisonOperator: 'GreaterThanThreshold', Threshold: 0, TreatMissingData: 'notBreaching' },
      }),
    ])
  })

  it('watch what the functions measure', () => {
    const measured: readonly (Measure | ReportMeasure)[] = [
      ...(['OrganizationPublished', 'ReportPublished', 'HeartbeatsMissing', 'HeartbeatsUnknown'] as const),
    ]
    const ours = hubAlarms.filter(({ metric }) => metric.namespace === 'Pullpath')
    expect(ours.map(({ metric }) => metric.name)).toEqual(measured)
  })

  it('tell the topic where one is given, and nobody otherwise', () => {
    const topic = `arn:aws:sns:eu-central-1:${account}:alarms`
    const told = ofType(deployed(template, { ...chosen, AlarmTopic: topic }), 'AWS::CloudWatch::Alarm')
    expect(told.map(({ Properties }) => Properties.AlarmActions)).toEqual(told.map(() => [topic]))
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(alarms.map(() => undefined))
  })
})

describe('the dashboard', () => {
  const { DashboardName, DashboardBody } = the('AWS::CloudWatch::Dashboard').Properties
  const { widgets } = JSON.parse(DashboardBody)

  it('shows evidence of work and says what to do without it', () => {
    expect(DashboardName).toBe('pullpath-organization')
    const [text, ...graphs] = widgets
    expect(text.properties.markdown).toMatch(/Not published\?.*pullpath-hub-failed-invocations/s)
    const shown: readonly (Measure | ReportMeasure)[] = [
      ...(['OrganizationPublished', 'SettingsPublished', 'OrganizationAccounts', 'AccountsExpected'] as const),
      ...(['HeartbeatsMissing', 'HeartbeatsUnknown', 'ShardsExpected', 'ShardsFailed', 'ShardsNotCovered'] as const),
      ...(['ReportPublished', 'PublicationsRefused'] as const),
    ]
    const metrics = graphs.flatMap(({ properties }: { properties: { metrics: string[][] } }) => properties.metrics)
    expect(
      metrics.filter(([namespace]: string[]) => namespace === 'Pullpath').map(([, name]: string[]) => name),
    ).toEqual(shown)
  })

  it('reads the metrics of the region it is deployed in, in widgets that do not overlap', () => {
    const places = widgets.map(({ x, y }: { x: number; y: number }) => `${x} ${y}`)
    expect(new Set(places).size).toBe(7)
    expect(widgets.slice(1).map((one: { properties: { region: string } }) => one.properties.region)).toEqual(
      Array(6).fill('eu-central-1'),
    )
  })
})
