import { describe, expect, it } from 'vitest'
import { deployedRolePrefixes, stackSetName } from '../../infra/hub-config.ts'
import { chosen, hubStack } from './hub-synthesised.ts'
import { deployed, memberStack, ofType } from './synthesised.ts'

interface Parameter {
  readonly Default?: string
  readonly AllowedPattern?: string
  readonly AllowedValues?: readonly string[]
  readonly MaxLength?: number
}

const { template } = hubStack()
const member = memberStack().template
const memberParameters = new Map(Object.entries(member.toJSON().Parameters as Record<string, Parameter>))
const account = '111122223333'

function stackSet(parameters: Readonly<Record<string, string>> = {}) {
  const [found] = ofType(deployed(template, { ...chosen, ...parameters }), 'AWS::CloudFormation::StackSet')
  return found!.Properties
}

function told(parameters: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const pairs = stackSet(parameters).Parameters as { ParameterKey: string; ParameterValue: string }[]
  // CloudFormation names the bucket.
  for (const pair of pairs) if (pair.ParameterValue === 'HubBucket') pair.ParameterValue = 'pullpath-hub-hubbucket-1a2b'
  expect(new Set(pairs.map(({ ParameterKey }) => ParameterKey)).size).toBe(pairs.length)
  return new Map(pairs.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]))
}

/** Why the member template would refuse a value. */
function refusal(name: string, value: string): string | undefined {
  const parameter = memberParameters.get(name)
  if (parameter === undefined) return `${name}: there is no such parameter`
  const { AllowedPattern, AllowedValues, MaxLength } = parameter
  if (AllowedPattern !== undefined && !new RegExp(AllowedPattern).test(value)) return `${name}: not of the pattern`
  if (AllowedValues !== undefined && !AllowedValues.includes(value)) return `${name}: not one of the values`
  return MaxLength !== undefined && value.length > MaxLength ? `${name}: too long` : undefined
}

describe('the stack set', () => {
  it('is managed by the service, in every account of the units and in every region, new ones included', () => {
    expect(stackSet()).toMatchObject({
      StackSetName: 'pullpath-member',
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      StackInstancesGroup: [
        {
          DeploymentTargets: { OrganizationalUnitIds: ['r-ab12', 'ou-ab12-abcdefgh'] },
          Regions: ['eu-central-1', 'us-east-1'],
        },
      ],
      TemplateURL: chosen.MemberTemplateUrl,
    })
  })

  it('rolls out in all regions at once and stops where too many accounts fail', () => {
    expect(stackSet({ FailureTolerance: '5', MaxConcurrent: '50' }).OperationPreferences).toEqual({
      RegionConcurrencyType: 'PARALLEL',
      ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      FailureTolerancePercentage: '5',
      MaxConcurrentPercentage: '50',
    })
    expect(stackSet().OperationPreferences).toMatchObject({
      ...{ FailureTolerancePercentage: '10', MaxConcurrentPercentage: '25' },
    })
  })

  it('acts as a delegated administrator, or as the management account where people say so', () => {
    expect(stackSet().CallAs).toBe('DELEGATED_ADMIN')
    expect(stackSet({ CallAs: 'SELF' }).CallAs).toBe('SELF')
  })

  it('waits in new accounts for the stack sets that are named, and for none otherwise', () => {
    const arn = (name: string) => `arn:aws:cloudformation:us-east-1:${account}:stackset/${name}:1-2-3`
    expect(stackSet().AutoDeployment).not.toHaveProperty('DependsOn')
    const both = stackSet({ StackSetDependencies: `${arn('recorder')},${arn('hub')}` })
    expect(both.AutoDeployment.DependsOn).toEqual([arn('recorder'), arn('hub')])
    expect(template.toJSON().Parameters.StackSetDependencies.AllowedPattern).toBeDefined()
    const pattern = new RegExp(template.toJSON().Parameters.StackSetDependencies.AllowedPattern)
    expect([pattern.test(`${arn('recorder')},${arn('hub')}`), pattern.test('recorder')]).toEqual([true, false])
  })

  it('may make roles, and needs to name none', () => {
    expect(stackSet().Capabilities).toEqual(['CAPABILITY_IAM'])
    const roles = Object.values(member.findResources('AWS::IAM::Role')) as { Properties: object }[]
    expect(roles.filter(({ Properties }) => 'RoleName' in Properties)).toEqual([])
  })

  it('names stacks so that their roles are those the aggregator lets in', () => {
    // CloudFormation keeps at least this much of a stack's name in the names of its roles.
    const start = `StackSet-${stackSetName}-`.slice(0, 20)
    expect(deployedRolePrefixes.filter((prefix) => start.startsWith(prefix))).toEqual(['StackSet-pullpath-'])
  })

  it('is there after members can read the bucket, and after what they read is published', () => {
    const [{ DependsOn }] = Object.values(template.findResources('AWS::CloudFormation::StackSet')) as [
      { DependsOn: string[] },
    ]
    const idsOf = (type: string) => Object.keys(template.findResources(type))
    const before = [...idsOf('AWS::CloudFormation::CustomResource'), ...idsOf('AWS::S3::BucketPolicy')]
    expect(before).toHaveLength(2)
    expect([...DependsOn].sort()).toEqual(before.sort())
  })
})

describe('what members are told', () => {
  it('are parameters of the member template, with values it takes', () => {
    const refused = [...told()].flatMap(([name, value]) => refusal(name, value) ?? [])
    expect(refused).toEqual([])
  })

  it.each([
    { AggregatorExternalId: 'f'.repeat(64), TrustedAccounts: Array(40).fill(account).join(',') },
    { RepositoryLookUp: 'off', SecurityHub: 'off', ConfigRules: 'rules', MemberAlarms: 'none', Tracing: 'on' },
    { EcrRules: 'all', RoleRules: 'none', VpcRules: 'all', ImageRules: 'none', HomeRegion: 'us-east-1' },
  ])('fits whatever people choose: %o', (parameters) => {
    expect([...told(parameters)].flatMap(([name, value]) => refusal(name, value) ?? [])).toEqual([])
  })

  it('lets people choose what the member template offers, and nothing else', () => {
    const hub = template.toJSON().Parameters as Record<string, Parameter>
    const same = ['SecurityHub', 'ConfigRules', 'EcrRules', 'RoleRules', 'VpcRules', 'ImageRules', 'Tracing']
    for (const name of same) {
      expect([name, hub[name]!.AllowedValues, hub[name]!.Default]).toEqual([
        name,
        memberParameters.get(name)?.AllowedValues,
        memberParameters.get(name)?.Default,
      ])
    }
    expect(hub.MemberAlarms!.AllowedValues).toEqual(memberParameters.get('Alarms')!.AllowedValues)
  })

  it('name the hub, its key and its aggregator', () => {
    const values = told()
    expect([...values].filter(([name]) => /Hub|Aggregator/.test(name))).toEqual([
      ['HubBucket', 'pullpath-hub-hubbucket-1a2b'],
      ['HubPrefix', 'published/'],
      ['HubKey', `arn:aws:kms:eu-central-1:${account}:key/HubKey`],
      ['HubAccount', account],
      ['HubRegion', 'eu-central-1'],
      ['Aggregator', expect.stringMatching(/^OrganizationAggregator/)],
      ['AggregatorRegion', 'eu-central-1'],
      ['AggregatorRole', `arn:aws:iam::${account}:role/pullpath/pullpath-aggregator-reader`],
      ['AggregatorExternalId', chosen.AggregatorExternalId],
      ['SecurityHub', 'on'],
    ])
  })

  it('say one home region always: empty, every region would judge every role', () => {
    expect(told().get('HomeRegion')).toBe('eu-central-1')
    expect(told({ HomeRegion: 'us-east-1' }).get('HomeRegion')).toBe('us-east-1')
  })
})

describe('the parameters of the hub', () => {
  const parameters = template.toJSON().Parameters as Record<string, Parameter>
  const takes = (name: string, value: string) => new RegExp(parameters[name]!.AllowedPattern!).test(value)

  it('have to be given only where nobody else can know', () => {
    const needed = Object.entries(parameters).filter(([, { Default }]) => Default === undefined)
    expect(needed.map(([name]) => name).sort()).toEqual([
      'AggregatorExternalId',
      'MemberTemplateUrl',
      'OrganizationId',
      'OrganizationalUnits',
      'Regions',
    ])
  })

  it('refuse what cannot be right', () => {
    expect(takes('OrganizationalUnits', 'r-ab12,ou-ab12-abcdefgh')).toBe(true)
    expect(takes('OrganizationalUnits', '111122223333')).toBe(false)
    // What the hub took and a member refuses would fail in every account.
    for (const name of ['HomeRegion', 'Regions', 'ConfigBucketRegion']) {
      expect([takes(name, 'us-gov-west-1'), takes(name, 'eu-1x-y')]).toEqual([true, false])
    }
    expect(takes('OrganizationalUnits', 'r-ab12, ou-ab12-abcdefgh')).toBe(false)
    expect(takes('Regions', 'eu-central-1,us-gov-west-1,cn-north-1')).toBe(true)
    expect(takes('Regions', 'Frankfurt')).toBe(false)
    expect([takes('FailureTolerance', '0'), takes('FailureTolerance', '101')]).toEqual([true, false])
    expect([takes('MaxConcurrent', '0'), takes('MaxConcurrent', '100')]).toEqual([false, true])
    expect([takes('SettingsKey', 'source/settings.yaml'), takes('SettingsKey', 'published/settings.yaml')]).toEqual([
      ...[true, false],
    ])
    expect(takes('SettingsKey', 'source/*')).toBe(false)
    expect([takes('MemberTemplateUrl', 'https://b.s3.amazonaws.com/t.json'), takes('MemberTemplateUrl', '')]).toEqual([
      ...[true, false],
    ])
  })

  it('are all asked for in a group of the console, besides the place of the member template', () => {
    const groups = template.toJSON().Metadata['AWS::CloudFormation::Interface'].ParameterGroups
    const grouped = groups.flatMap(({ Parameters }: { Parameters: string[] }) => Parameters)
    expect([...grouped, 'MemberTemplateUrl'].sort()).toEqual(Object.keys(parameters).sort())
  })
})
