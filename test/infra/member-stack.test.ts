import { App, aws_iam as iam } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { beforeAll, describe, expect, it } from 'vitest'
import { roleAcknowledgements } from '../../infra/acknowledgements.ts'
import { bundleLambda, lambdaEntries } from '../../infra/bundle.ts'
import { limits } from '../../infra/config.ts'
import { configRuleOf, enabledRules } from '../../infra/derive/config-rules.ts'
import { MemberStack } from '../../infra/stacks/member-stack.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { permissions } from '../../shared/sources/ecr/permissions.ts'

const rules = enabledRules(catalogue, 'ecr', [])

interface Statement {
  readonly Effect: string
  readonly Action: readonly string[]
}

let app: App
let stack: MemberStack
let template: Template
let code: string

beforeAll(async () => {
  code = await bundleLambda(lambdaEntries['config-rule'])
  app = new App()
  stack = new MemberStack(app, 'pullpath-member', { rules, permissions, code })
  template = Template.fromStack(stack)
})

function propertiesOf(type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties as Record<string, unknown>)
}

function statements(): readonly Statement[] {
  const [role] = propertiesOf('AWS::IAM::Role')
  const [policy] = role!.Policies as { PolicyDocument: { Statement: Statement[] } }[]
  return policy!.PolicyDocument.Statement
}

const allowed = (): string[] => statements().flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))

describe('the AWS Config rules of the member stack', () => {
  it('are one per enabled rule of area ecr', () => {
    expect(rules.length).toBeGreaterThan(0)
    const names = propertiesOf('AWS::Config::ConfigRule').map((properties) => properties.ConfigRuleName)
    expect(names.sort()).toEqual(rules.map(({ id }) => `pullpath-${id}`).sort())
  })

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is triggered as its meta says', (id, rule) => {
    const onChange = rule.triggers.change && rule.judges !== 'AWS::::Account'
    template.hasResourceProperties('AWS::Config::ConfigRule', {
      ConfigRuleName: `pullpath-${id}`,
      InputParameters: { ruleId: id },
      Scope: onChange ? { ComplianceResourceTypes: configRuleOf(rule).scope } : Match.absent(),
      Source: {
        Owner: 'CUSTOM_LAMBDA',
        SourceDetails: [
          ...(onChange
            ? [
                { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
                { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
              ]
            : []),
          ...(rule.triggers.scheduled
            ? [
                {
                  EventSource: 'aws.config',
                  MessageType: 'ScheduledNotification',
                  MaximumExecutionFrequency: 'TwentyFour_Hours',
                },
              ]
            : []),
        ],
      },
    })
  })

  it('keep the limits of AWS Config', () => {
    for (const rule of propertiesOf('AWS::Config::ConfigRule')) {
      expect(String(rule.ConfigRuleName).length).toBeLessThanOrEqual(64)
      expect(String(rule.Description).length).toBeLessThanOrEqual(256)
      expect(JSON.stringify(rule.InputParameters).length).toBeLessThanOrEqual(1024)
    }
  })

  it('are created after the permission that lets AWS Config invoke the function', () => {
    const [permission] = Object.keys(template.findResources('AWS::Lambda::Permission'))
    for (const rule of Object.values(template.findResources('AWS::Config::ConfigRule'))) {
      expect(rule.DependsOn).toEqual([permission])
    }
  })
})

describe('the function of the member stack', () => {
  it('can be invoked by AWS Config of its own account only', () => {
    expect(propertiesOf('AWS::Lambda::Permission')).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: expect.anything(),
        Principal: 'config.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ])
  })

  it('runs inline code on nodejs24.x for arm64', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 300,
      Code: { ZipFile: code },
    })
    expect(Buffer.byteLength(code)).toBeLessThan(limits.inlineCodeBytes)
  })

  it('is a CommonJS bundle that leaves the AWS SDK to the runtime', () => {
    expect(code).toContain('module.exports')
    expect(code).not.toMatch(/^export /m)
    expect(code).toMatch(/require\("@aws-sdk\/client-config-service"\)/)
  })

  it('is given an environment that the runtime accepts', () => {
    const [properties] = propertiesOf('AWS::Lambda::Function')
    const { Variables } = properties!.Environment as { Variables: Record<string, { Ref: string }> }
    const parameters = template.findParameters('*')
    const defaults = Object.entries(Variables).map(([name, { Ref }]) => [name, String(parameters[Ref]!.Default)])
    expect(Object.keys(Variables).sort()).toEqual([
      'PULLPATH_ORGANIZATION_ID',
      'PULLPATH_SECURITY_HUB',
      'PULLPATH_SETTINGS',
      'PULLPATH_TRUSTED_ACCOUNTS',
    ])
    expect(readEnvironment(Object.fromEntries(defaults))).toEqual({
      settingsText: '',
      organizationId: undefined,
      trustedAccounts: [],
      securityHub: true,
    })
  })
})

describe('the role of the member stack', () => {
  it('has no managed policy', () => {
    const [role] = propertiesOf('AWS::IAM::Role')
    expect(Object.keys(role!)).not.toContain('ManagedPolicyArns')
    expect(JSON.stringify(template.toJSON())).not.toContain('AWSConfigRulesExecutionRole')
  })

  it('allows exactly the reads of the enabled rules and the writes of the sinks', () => {
    const types = new Set(rules.flatMap(({ judges, reads }) => [judges as string, ...reads]))
    const reads = permissions.filter((p) => p.reads.some((type) => types.has(type))).map(({ action }) => action)
    const others = [
      'config:PutEvaluations',
      'config:GetResourceConfigHistory',
      'securityhub:BatchImportFindings',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]
    expect(allowed().sort()).toEqual([...reads, ...others].sort())
  })

  it('allows no wildcard action', () => {
    expect(allowed().filter((action) => action.includes('*'))).toEqual([])
  })

  it('denies fetching images, secrets and other identities', () => {
    const denied = statements().filter(({ Effect }) => Effect === 'Deny')
    expect(denied.flatMap(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'secretsmanager:*',
      'ssm:GetParameter*',
      'iam:PassRole',
      'sts:AssumeRole',
    ])
  })
})

describe('the template', () => {
  it('is one file of at most 1 MB without assets or bootstrap', () => {
    const text = JSON.stringify(template.toJSON())
    expect(Buffer.byteLength(text)).toBeLessThan(limits.templateBytes)
    expect(text).not.toContain('BootstrapVersion')
    expect(text).not.toContain('S3Bucket')
    expect(Object.keys(template.findParameters('*')).sort()).toEqual([
      'OrganizationId',
      'ReservedConcurrency',
      'SecurityHub',
      'Settings',
      'TrustedAccounts',
    ])
  })

  it('names no partition', () => {
    const withoutCode = JSON.stringify(template.toJSON(), (key, value) => (key === 'ZipFile' ? '' : value))
    expect(withoutCode).not.toMatch(/arn:aws[\w-]*:/)
  })
})

describe('cdk-nag', () => {
  it('has nothing to say beyond what is acknowledged with a reason', () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([])
    for (const { reason } of roleAcknowledgements) expect(reason.length).toBeGreaterThan(40)
  })

  it('would object to a wildcard action', () => {
    const other = new App()
    const extended = new MemberStack(other, 'extended', { rules, permissions, code: 'exports.handler=0' })
    new iam.CfnPolicy(extended, 'Broad', {
      policyName: 'broad',
      policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }] },
      roles: [extended.auditor.role.ref],
    })
    const names = new AwsSolutionsChecks().validateScope(other).violations.map(({ ruleName }) => ruleName)
    expect(names).toContain('AwsSolutions-IAM5[Action::ecr:*]')
  })
})
