import { type App, aws_iam as iam } from 'aws-cdk-lib'
import { Match, type Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { beforeAll, describe, expect, it } from 'vitest'
import { alarmAcknowledgements, roleAcknowledgements, setAsideAcknowledgements } from '../../infra/acknowledgements.ts'
import { bundleLambda } from '../../infra/bundle.ts'
import { type AuditedArea, auditedAreas, auditors, eventFunctions, limits } from '../../infra/config.ts'
import { configRuleOf } from '../../infra/derive/config-rules.ts'
import { eventRulesOf } from '../../infra/derive/event-patterns.ts'
import { callsOf } from '../../infra/derive/permissions.ts'
import { sourcePermissions as permissions } from '../../infra/derive/source-permissions.ts'
import { inlineCode } from '../../infra/inline-code.ts'
import type { MemberStackProps } from '../../infra/stacks/member-stack.ts'
import { aggregatorPlaceOf } from '../../shared/live/aggregator-place.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { hubPlaceOf } from '../../shared/live/hub-place.ts'
import { ruleSwitches } from '../../shared/live/rule-switch.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { allRules, deployed, deployedRules, memberStack, noCode, ofType, templateRules } from './synthesised.ts'

const rules = templateRules

interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Action: readonly string[]
}

let app: App
let template: Template
let code: MemberStackProps['code']

beforeAll(async () => {
  const bundles = Object.entries({ ...auditors, ...eventFunctions }).map(
    async ([name, { entry }]) => [name, await bundleLambda(entry)] as const,
  )
  code = Object.fromEntries(await Promise.all(bundles)) as typeof code
  const synthesised = memberStack(code)
  app = synthesised.app
  template = synthesised.template
})

function propertiesOf(type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties as Record<string, unknown>)
}

/** The resource of a type that belongs to the function of an area. */
function ownOf(type: string, area: AuditedArea): Record<string, unknown> {
  const [found] = Object.entries(template.findResources(type)).filter(([id]) =>
    id.startsWith(auditors[area].constructId),
  )
  return found![1].Properties as Record<string, unknown>
}

/** The statements of a role as deployed with every parameter at its default. */
function statements(area: AuditedArea): readonly (Statement & { readonly Resource: unknown })[] {
  return inlineStatements(auditors[area].functionName)
}

function inlineStatements(functionName: string, parameters: Readonly<Record<string, string>> = {}) {
  const all = deployed(template, parameters)
  const lambda = ofType(all, 'AWS::Lambda::Function').find(({ Properties }) => Properties.FunctionName === functionName)
  return all.get(lambda!.Properties.Role.split('/').at(-1))!.Properties.Policies[0].PolicyDocument.Statement
}

const allowed = (area: AuditedArea): string[] =>
  statements(area).flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))

/** How the logical ids of what belongs to the function of an area begin. */
const constructs = {
  ...{ ecr: 'EcrPolicyAuditor', role: 'RolePermissionAuditor', vpc: 'VpcEndpointAuditor' },
  image: 'PullFailure',
}

describe('the AWS Config rules of the member stack', () => {
  it('are one per rule of the catalogue, off by default or not', () => {
    expect(rules).toEqual(catalogue)
    const names = propertiesOf('AWS::Config::ConfigRule').map((properties) => properties.ConfigRuleName)
    expect(names.sort()).toEqual(catalogue.map(({ id }) => `pullpath-${id}`).sort())
  })

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is triggered as its meta says', (id, rule) => {
    const onChange = rule.triggers.change && configRuleOf(rule).scope.length > 0
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

  it('are judged by the function of their area, created after the permission that lets AWS Config invoke it', () => {
    const constructOf = new Map(rules.map((rule) => [`pullpath-${rule.id}`, constructs[rule.area]]))
    for (const { Properties, DependsOn } of Object.values(template.findResources('AWS::Config::ConfigRule'))) {
      const construct = constructOf.get(Properties.ConfigRuleName)
      expect(DependsOn).toEqual([expect.stringMatching(`^${construct}ConfigMayInvoke`)])
      const [target] = Properties.Source.SourceIdentifier['Fn::GetAtt']
      expect(target).toMatch(new RegExp(`^${construct}Function`))
    }
  })

  it('on roles exist in the home region only, all others everywhere', () => {
    const inHome = Object.values(template.findResources('AWS::Config::ConfigRule'))
      .filter(({ Condition }) => Condition.includes('AtHome'))
      .map(({ Properties }) => Properties.ConfigRuleName.slice('pullpath-'.length))
    expect(inHome.sort()).toEqual([
      'ecs-execution-role-least-privilege',
      'role-authorization-token-scoped',
      'role-ci-trust-scoped',
      'role-registry-admin-restricted',
      'role-web-identity-trust-scoped',
    ])
    expect(template.findConditions('InHomeRegion').InHomeRegion).toEqual({
      'Fn::Or': [
        { 'Fn::Equals': [{ Ref: 'HomeRegion' }, ''] },
        { 'Fn::Equals': [{ Ref: 'HomeRegion' }, { Ref: 'AWS::Region' }] },
      ],
    })
  })

  it('of area role are triggered by few changes besides those of the judged type', () => {
    const scopes = rules.filter(({ area }) => area === 'role').map((rule) => [rule.id, configRuleOf(rule).scope])
    expect(scopes).toEqual([
      ['ecs-execution-role-can-pull', ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service']],
      ['ecs-execution-role-least-privilege', ['AWS::IAM::Role', 'AWS::IAM::Policy']],
      ['ecs-execution-role-present', ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service']],
      ['ecs-roles-separate', ['AWS::ECS::TaskDefinition']],
      ['ecs-task-role-without-registry-access', ['AWS::ECS::TaskDefinition']],
      ['eks-fargate-role-can-pull', ['AWS::EKS::FargateProfile']],
      ['eks-node-role-can-pull', ['AWS::EKS::Cluster']],
      ['eks-node-role-least-privilege', ['AWS::EKS::Cluster']],
      ['role-authorization-token-scoped', ['AWS::IAM::Role', 'AWS::IAM::Policy']],
      ['role-ci-trust-scoped', ['AWS::IAM::Role', 'AWS::IAM::Policy']],
      ['role-registry-admin-restricted', ['AWS::IAM::Role', 'AWS::IAM::Policy']],
      ['role-web-identity-trust-scoped', ['AWS::IAM::Role']],
    ])
  })

  it('of area vpc are triggered by the VPC and by what is in it, and no other rule is', () => {
    const networkTypes = [
      'AWS::EC2::VPC',
      'AWS::EC2::NatGateway',
      'AWS::EC2::NetworkAcl',
      'AWS::EC2::RouteTable',
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::Subnet',
      'AWS::EC2::VPCEndpoint',
    ]
    const scopes = rules.filter(({ area }) => area === 'vpc').map((rule) => [rule.id, configRuleOf(rule).scope])
    expect(scopes).toEqual([
      ['vpc-ecr-endpoints-cover-zones', networkTypes],
      ['vpc-ecr-endpoints-present', networkTypes],
      ['vpc-ecr-endpoints-private-dns', networkTypes],
      ['vpc-ecr-endpoints-reachable', networkTypes],
      ['vpc-endpoint-policy-allows-pull', networkTypes],
      ['vpc-endpoint-policy-restricted', networkTypes],
      ['vpc-image-pulls-private', networkTypes],
      ['vpc-s3-gateway-routes', networkTypes],
    ])
    const others = catalogue.filter(({ area }) => area !== 'vpc').flatMap((rule) => configRuleOf(rule).scope)
    expect(others.filter((type) => networkTypes.includes(type))).toEqual([])
  })
})

describe.each(auditedAreas.map((area) => [area]))('the function of area %s', (area) => {
  it('can be invoked by AWS Config of its own account only', () => {
    expect(ownOf('AWS::Lambda::Permission', area)).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: expect.anything(),
      Principal: 'config.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    })
  })

  it('runs inline code on nodejs24.x for arm64', () => {
    expect(ownOf('AWS::Lambda::Function', area)).toMatchObject({
      FunctionName: auditors[area].functionName,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 300,
      Code: { ZipFile: inlineCode(auditors[area].functionName, code[area]) },
    })
  })

  it('is a CommonJS bundle that leaves the AWS SDK to the runtime', () => {
    expect(code[area]).toContain('module.exports')
    expect(code[area]).not.toMatch(/^export /m)
    expect(code[area]).toMatch(/require\("@aws-sdk\/client-config-service"\)/)
  })
})

/** The variables of each function that judges, as deployed. */
const variablesOf = (functionName: string, parameters: Readonly<Record<string, string>> = {}) =>
  ofType(deployed(template, parameters), 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === functionName,
  )!.Properties.Environment.Variables as Readonly<Record<string, string>>

describe.each(Object.values(judgingFunctions).map((name) => [name]))('the environment of %s', (functionName) => {
  it('is one that the runtime accepts', () => {
    const { PULLPATH_OWN_ROLE, ...variables } = variablesOf(functionName)
    expect(Object.keys(template.findResources('AWS::IAM::Role'))).toContain(PULLPATH_OWN_ROLE)
    expect(hubPlaceOf(variables)).toBeUndefined()
    expect(aggregatorPlaceOf(variables)).toBeUndefined()
    const ids = catalogue.map(({ id }) => id)
    expect(new Set(catalogue.map(ruleSwitches(variables, ids)))).toEqual(new Set(['open']))
    expect(new Set(catalogue.map(ruleSwitches(variablesOf(functionName, allRules), ids)))).toEqual(new Set(['on']))
    expect(readEnvironment(variables)).toEqual({
      settingsText: '',
      organizationId: undefined,
      trustedAccounts: [],
      securityHub: true,
      ownRole: undefined,
    })
  })

  it('leaves the queue of findings out where they do not go to Security Hub', () => {
    expect(variablesOf(functionName).PULLPATH_FINDINGS_QUEUE_URL).toMatch(/\/pullpath-findings$/)
    if (functionName !== judgingFunctions.image)
      expect(variablesOf(functionName, { SecurityHub: 'off' }).PULLPATH_FINDINGS_QUEUE_URL).toBe('')
  })

  it('names the aggregator exactly when the code looks repositories of others up', () => {
    const area = (Object.keys(judgingFunctions) as (keyof typeof judgingFunctions)[]).find(
      (one) => judgingFunctions[one] === functionName,
    )!
    const looksUp = code[area === 'image' ? 'pullFailure' : area].includes('PULLPATH_AGGREGATOR_ROLE')
    const given = {
      ...{ AggregatorRole: 'arn:aws:iam::999999999999:role/pullpath/reader', AggregatorExternalId: 'an-external-id' },
      ...{ Aggregator: 'pullpath-organization', AggregatorRegion: 'us-east-1' },
    }
    expect(aggregatorPlaceOf(variablesOf(functionName, given))).toEqual(
      looksUp
        ? {
            ...{ roleArn: given.AggregatorRole, externalId: 'an-external-id' },
            ...{ aggregator: 'pullpath-organization', region: 'us-east-1' },
          }
        : undefined,
    )
  })
})

describe.each(auditedAreas.map((area) => [area]))('the role of area %s', (area) => {
  it('has no managed policy', () => {
    expect(Object.keys(ownOf('AWS::IAM::Role', area))).not.toContain('ManagedPolicyArns')
    expect(withoutCode()).not.toContain('AWSConfigRulesExecutionRole')
  })

  it('allows exactly the reads of the enabled rules and the writes of the sinks', () => {
    const ofArea = deployedRules.filter((rule) => rule.area === area)
    const types = new Set(ofArea.flatMap(({ judges, reads }) => [judges as string, ...reads]))
    const reads = callsOf(area, permissions)
      .filter((p) => p.reads.some((type) => types.has(type)))
      .map(({ action }) => action)
    const others = [
      'config:PutEvaluations',
      'config:GetResourceConfigHistory',
      'config:GetComplianceDetailsByConfigRule',
      'config:GetComplianceDetailsByResource',
      'config:GetConformancePackComplianceDetails',
      'securityhub:GetFindings',
      'tag:GetResources',
      'lambda:InvokeFunction',
      'sqs:SendMessage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]
    expect([...new Set(allowed(area))].sort()).toEqual([...new Set([...reads, ...others])].sort())
  })

  it('allows what only rules that are off by default need where they are on', () => {
    const policiesOf = (parameters: Readonly<Record<string, string>>) =>
      ofType(deployed(template, parameters), 'AWS::IAM::Policy')
        .filter(({ Properties }) => Properties.PolicyName === 'further-reads')
        .filter(({ Properties }) =>
          Properties.Roles.some((role: string) => role.startsWith(auditors[area].constructId)),
        )
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement.flatMap(({ Action }: Statement) => Action))
    const types = new Set(
      rules.filter((rule) => rule.area === area).flatMap(({ judges, reads }) => [judges as string, ...reads]),
    )
    const needed = callsOf(area, permissions).filter((p) => p.reads.some((type) => types.has(type)))
    const further = new Set(needed.map(({ action }) => action).filter((action) => !allowed(area).includes(action)))
    expect(new Set(policiesOf(allRules))).toEqual(further)
    expect(policiesOf({})).toEqual([])
    if (area === 'ecr') expect([...further]).toEqual(['ecr:GetSigningConfiguration'])
  })

  it('allows no wildcard action', () => {
    expect(allowed(area).filter((action) => action.includes('*'))).toEqual([])
  })

  it('denies fetching images, secrets and other identities', () => {
    const denied = statements(area).filter(({ Effect }) => Effect === 'Deny')
    expect(denied.flatMap(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'secretsmanager:*',
      'ssm:GetParameter*',
      'iam:PassRole',
      'sts:AssumeRole',
    ])
    for (const { Resource } of denied) expect([Resource].flat()).toEqual(['*'])
  })
})

it('the function of area ecr carries neither rules on roles nor the clients they need', () => {
  expect(code.role).toContain('role-ci-trust-scoped')
  expect(code.ecr).not.toContain('role-ci-trust-scoped",area')
  for (const client of ['iam', 'ecs', 'eks']) {
    expect(code.role).toContain(`@aws-sdk/client-${client}`)
    expect(code.ecr).not.toContain(`@aws-sdk/client-${client}`)
  }
})

it('only the function of area vpc carries the rules and clients of networks', () => {
  expect(code.vpc).toContain('vpc-ecr-endpoints-present')
  expect(code.vpc).not.toContain('role-ci-trust-scoped",area')
  for (const client of ['auto-scaling', 'ec2', 'route-53']) {
    expect(code.vpc).toContain(`@aws-sdk/client-${client}`)
    expect(code.ecr).not.toContain(`@aws-sdk/client-${client}`)
    expect(code.role).not.toContain(`@aws-sdk/client-${client}`)
  }
})

it('the function of area vpc reads networks and workloads, and changes nothing', () => {
  const reads = statements('vpc').filter(({ Sid }) => Sid.startsWith('Read'))
  const verbs = reads.flatMap(({ Action }) => Action).map((action) => action.split(':')[1]!)
  expect(verbs.filter((verb) => !/^(Describe|Get|List)[A-Z]/.test(verb))).toEqual([])
  expect(allowed('role').filter((action) => action.startsWith('ec2:') || action.startsWith('route53:'))).toEqual([])
})

it('the function of area role may read roles, workloads and registries of its own account, and nothing else', () => {
  const reads = (templateStatements: readonly (Statement & { readonly Resource: unknown })[]) =>
    templateStatements.filter(({ Sid }) => Sid.startsWith('Read'))
  const resources = reads(statements('role') as never).map(({ Sid, Resource }) => [Sid, JSON.stringify(Resource)])
  expect(new Map(resources as [string, string][]).get('ReadRoles')).toMatch(/:iam::.*:role\/\*/)
  expect(resources.map(([sid]) => sid)).toEqual([
    'ReadRepositories',
    'ReadRoles',
    'ReadPolicies',
    'ReadEcsClusters',
    'ReadEcsServices',
    'ReadEksClusters',
    'ReadNodeGroups',
    'ReadFargateProfiles',
    'ReadWhatTakesNoResource',
    'ReadTagsForExceptions',
  ])
})

/** The functions carry the names of AWS's own policies. */
function withoutCode(): string {
  return JSON.stringify(template.toJSON(), (key, value) => (key === 'ZipFile' ? '' : value))
}

describe('the deployment of each enabled rule', () => {
  const parameters = { ...allRules, ConfigRules: 'rules' }
  const all = () => deployed(template, parameters)
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s has rule, scope, permission and pattern', (id, rule) => {
    const functionName = judgingFunctions[rule.area]
    const configRule = ofType(all(), 'AWS::Config::ConfigRule').find(
      ({ Properties }) => Properties.ConfigRuleName === `pullpath-${id}`,
    )!.Properties
    expect(configRule.Source.SourceIdentifier).toBe(`arn:aws:lambda:eu-central-1:111122223333:function:${functionName}`)
    expect(configRule.Scope?.ComplianceResourceTypes ?? []).toEqual(configRuleOf(rule).scope)
    const types = new Set<string>([rule.judges, ...rule.reads])
    const calls = callsOf(rule.area, permissions).filter(({ reads }) => reads.some((type) => types.has(type)))
    const role = ofType(all(), 'AWS::Lambda::Function')
      .find(({ Properties }) => Properties.FunctionName === functionName)!
      .Properties.Role.split('/')
      .at(-1)
    const attached = ofType(all(), 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(role))
    const granted = [
      ...inlineStatements(functionName),
      ...attached.flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
    ].flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.map(({ action }) => action).filter((action) => !granted.includes(action))).toEqual([])
    const names = ofType(all(), 'AWS::Events::Rule').map(({ Properties }) => Properties.Name)
    const wanted = eventRulesOf([rule]).map(({ name }) => `pullpath-${name}`)
    expect(wanted.filter((name) => !names.includes(name))).toEqual([])
    const own = eventRulesOf([rule]).flatMap(({ pattern }) => pattern.detail?.eventName ?? [])
    const inTemplate = ofType(all(), 'AWS::Events::Rule').flatMap(
      ({ Properties }) => Properties.EventPattern.detail.eventName ?? [],
    )
    expect(own.filter((name) => !inTemplate.includes(name))).toEqual([])
  })
})

describe('the template', () => {
  it('is one file of at most 1 MB without assets or bootstrap', () => {
    const bytes = Buffer.byteLength(JSON.stringify(template.toJSON()))
    const sizes = Object.entries(code).map(([name, text]) => `${name} ${Math.round(text.length / 1_000)} KB`)
    console.info(`template: ${bytes} of ${limits.templateBytes} bytes; bundles: ${sizes.join(', ')}`)
    expect(bytes).toBeLessThan(limits.templateBytes)
    expect(withoutCode()).not.toContain('BootstrapVersion')
    expect(withoutCode()).not.toContain('S3Bucket')
    expect(withoutCode()).not.toMatch(/AWS::CloudFormation::Stack|"Transform"|Custom::/)
    expect(Object.keys(template.findParameters('*')).sort()).toEqual([
      'Aggregator',
      'AggregatorExternalId',
      'AggregatorRegion',
      'AggregatorRole',
      'AlarmTopic',
      'Alarms',
      'ConfigRules',
      'EcrRules',
      'HomeRegion',
      'HubAccount',
      'HubBucket',
      'HubKey',
      'HubPrefix',
      'HubRegion',
      'ImageRules',
      'OrganizationId',
      'QueueKey',
      'ReservedConcurrency',
      'RoleRules',
      'SecurityHub',
      'Settings',
      'Tracing',
      'TrustedAccounts',
      'VpcRules',
    ])
  })

  it('names no partition, and no URL suffix but where it means services or leaves the end open', () => {
    expect(withoutCode()).not.toMatch(/arn:aws[\w-]*:/)
    const resources = JSON.stringify(JSON.parse(withoutCode()).Resources)
    const suffixed = [...resources.matchAll(/[^"]*amazonaws\.com[^"]*/g)].map(([text]) => text)
    const others = suffixed.filter(
      // Principals and sources of events are the same in all partitions; the condition on keys ends in a star.
      (text) => !/^[a-z0-9-]+\.amazonaws\.com$/.test(text) && !/\.amazonaws\.com\*$/.test(text),
    )
    expect(suffixed.length).toBeGreaterThan(5)
    expect(others).toEqual([])
  })

  it('keeps the limits of CloudFormation on what a template holds', () => {
    const { Parameters, Resources, Outputs, Conditions } = template.toJSON()
    const counts = [Parameters, Resources, Outputs, Conditions].map((one) => Object.keys(one).length)
    console.info(`template: ${counts.join(', ')} parameters, resources, outputs, conditions`)
    const [parameters = 0, resources = 0, outputs = 0] = counts
    expect(parameters).toBeLessThanOrEqual(200)
    expect(resources).toBeLessThanOrEqual(500)
    expect(outputs).toBeLessThanOrEqual(200)
  })

  it.each([
    ['all rules', () => template],
    [
      'no rule on roles',
      () =>
        memberStack(
          noCode,
          rules.filter(({ area }) => area === 'ecr'),
        ).template,
    ],
  ])('has no condition that nothing uses, with %s', (_name, made) => {
    const { Conditions, Resources, Outputs } = made().toJSON()
    const everywhere = JSON.stringify([Conditions, Resources, Outputs], (key, value) =>
      key === 'ZipFile' ? '' : value,
    )
    const unused = Object.keys(Conditions).filter(
      (id) => !everywhere.includes(`"Condition":"${id}"`) && !everywhere.includes(`{"Fn::If":["${id}",`),
    )
    expect(unused).toEqual([])
    expect('PublishesFindingsAtHome' in Conditions).toBe(made() === template)
  })

  it('leaves nothing behind when its stack is deleted', () => {
    const kept = Object.values(template.toJSON().Resources as Record<string, { DeletionPolicy?: string }>)
    expect(kept.filter(({ DeletionPolicy }) => DeletionPolicy !== undefined && DeletionPolicy !== 'Delete')).toEqual([])
  })

  it('shows the external id to nobody who may read the stack', () => {
    expect(template.findParameters('AggregatorExternalId').AggregatorExternalId!.NoEcho).toBe(true)
  })

  it('traces functions only where it is asked to', () => {
    const modes = (parameters: Readonly<Record<string, string>>) =>
      new Set(
        ofType(deployed(template, parameters), 'AWS::Lambda::Function').map(
          ({ Properties }) => Properties.TracingConfig.Mode,
        ),
      )
    expect(modes({})).toEqual(new Set(['PassThrough']))
    expect(modes({ Tracing: 'on' })).toEqual(new Set(['Active']))
  })
})

describe('cdk-nag', () => {
  it('has nothing to say beyond what is acknowledged with a reason', () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([])
    const all = [...roleAcknowledgements, ...setAsideAcknowledgements, ...alarmAcknowledgements]
    for (const { reason } of all) expect(reason.length).toBeGreaterThan(40)
  })

  it('would object to a wildcard action', () => {
    const { app: other, stack: extended } = memberStack(noCode, rules)
    new iam.CfnPolicy(extended, 'Broad', {
      policyName: 'broad',
      policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }] },
      roles: extended.auditors.map(({ role }) => role.ref),
    })
    const names = new AwsSolutionsChecks().validateScope(other).violations.map(({ ruleName }) => ruleName)
    expect(names).toContain('AwsSolutions-IAM5[Action::ecr:*]')
  })
})
