import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { configQueryService, emptyConfig, type FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fakeSts, stsService } from '../../support/fake-aws/sts.ts'
import { account, changeOf, definitionItem, policy, role, roleItem, taskDefinition } from './role-scenario.ts'
import { addIsolatedVpc, startPullingAccount } from './vpc-scenario.ts'

const region = 'eu-central-1'
const other = '444455556666'
const hubAccount = '999999999999'
const aggregatorRole = `arn:aws:iam::${hubAccount}:role/pullpath/reader`
const repositoryArn = `arn:aws:ecr:${region}:${other}:repository/base`
const image = `${other}.dkr.ecr.${region}.amazonaws.com/base:1`
const pulls = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const canPull = 'ecs-execution-role-can-pull'
const throughEndpoints = 'vpc-endpoint-policy-allows-pull'
const pullsFromOther = policy(
  { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  { Effect: 'Allow', Action: pulls, Resource: repositoryArn },
)

let aws: FakeAws
let config: FakeConfig
let assumed: string[]
afterEach(async () => {
  vi.unstubAllEnvs()
  await aws.close()
})

/** Puts a hub beside the account: a role to be assumed, and an aggregator that shows the other account. */
function startHub(): void {
  const sts = fakeSts(hubAccount)
  assumed = []
  sts.roles.set(aggregatorRole, { externalId: 'secret-1' })
  const serve = stsService(sts)
  aws.state.services.set('sts', (operation, body) => {
    if (operation === 'AssumeRole') assumed.push(`${body.RoleSessionName} ${body.ExternalId}`)
    return serve(operation, body)
  })
  config = emptyConfig()
  config.aggregators.set('hub', [
    { SourceType: 'ACCOUNT', SourceId: other, AwsRegion: region, LastUpdateStatus: 'SUCCEEDED' },
  ])
  config.items.push(item('AWS::Config::ConfigurationRecorder', 'default', { RecordingGroup: { AllSupported: true } }))
  const aggregator = configQueryService({ accountId: hubAccount, region }, config)
  const operations = ['DescribeConfigurationAggregatorSourcesStatus', 'SelectAggregateResourceConfig']
  for (const operation of [...operations, 'ListAggregateDiscoveredResources', 'BatchGetAggregateResourceConfig'])
    aws.state.services.set(`config:${operation}`, aggregator)
}

function item(resourceType: string, resourceId: string, configuration: JsonObject): JsonObject {
  return {
    ...{ version: '1.3', accountId: other, awsRegion: region, resourceType, resourceId, resourceName: resourceId },
    ...{ configurationItemStatus: 'OK', configurationItemCaptureTime: '2026-03-01T11:00:00.000Z' },
    ...{ tags: {}, relationships: [], configuration, supplementaryConfiguration: {}, arn: repositoryArn },
  }
}

function show(Effect: 'Allow' | 'Deny'): void {
  const Statement = [{ Effect, Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: pulls }]
  const RepositoryPolicyText = { Version: '2012-10-17', Statement }
  config.items.push(item('AWS::ECR::Repository', 'base', { RepositoryName: 'base', RepositoryPolicyText }))
}

const hub = {
  PULLPATH_AGGREGATOR_ROLE: aggregatorRole,
  PULLPATH_AGGREGATOR_EXTERNAL_ID: 'secret-1',
  PULLPATH_AGGREGATOR: 'hub',
}

/** Invokes the deployed entry point in a new process' state, with these variables; what AWS Config was told of the type. */
async function invoke(
  area: 'role' | 'vpc',
  event: unknown,
  type: string,
  variables: Readonly<Record<string, string>> = hub,
): Promise<readonly string[]> {
  const given = {
    ...{ AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', PULLPATH_OWN_ROLE: 'auditor' },
  }
  for (const [name, value] of Object.entries({ ...given, ...variables })) vi.stubEnv(name, value)
  vi.resetModules()
  const { handler } =
    area === 'role'
      ? await import('../../../lambdas/config-rule/role-handler.ts')
      : await import('../../../lambdas/config-rule/vpc-handler.ts')
  const invokedFunctionArn = `arn:aws:lambda:${region}:${account}:function:pullpath-test`
  await handler(event, { invokedFunctionArn, getRemainingTimeInMillis: () => 60_000 })
  return aws.evaluations
    .filter((one) => one.ComplianceResourceType === type)
    .map((one) => `${one.ComplianceType} ${one.Annotation ?? ''}`)
}

describe('the function that judges roles', () => {
  beforeEach(async () => {
    aws = await startFakeAws()
    startHub()
    aws.state.iam.roles.push(role('puller', pullsFromOther), role('auditor', undefined))
    const containerDefinitions = [{ name: 'main', image, essential: true }]
    aws.state.ecs.taskDefinitions.push(taskDefinition('web:1', { containerDefinitions }))
  })
  const change = () => changeOf(canPull, definitionItem('web:1'))
  const judged = (event: unknown, variables?: Readonly<Record<string, string>>) =>
    invoke('role', event, 'AWS::ECS::TaskDefinition', variables)

  it('judges a role that pulls from another account with the policy of that repository', async () => {
    show('Allow')
    expect(await judged(change())).toEqual([expect.stringMatching(/^COMPLIANT /)])
    expect(assumed).toEqual(['pullpath-role-permission-auditor secret-1'])
  })

  it('refuses a role that the policy of that repository denies', async () => {
    show('Deny')
    expect(await judged(change())).toEqual([expect.stringMatching(/^NON_COMPLIANT (?!Undetermined)/)])
  })

  it('names what it could not see when the aggregator does not show the repository', async () => {
    expect(await judged(change())).toEqual([
      expect.stringMatching(`^NON_COMPLIANT Undetermined: .*shows no repository base of account ${other} in ${region}`),
    ])
  })

  it('names the role when it may not be assumed', async () => {
    show('Allow')
    expect(await judged(change(), { ...hub, PULLPATH_AGGREGATOR_EXTERNAL_ID: 'another' })).toEqual([
      expect.stringMatching(/^NON_COMPLIANT Undetermined: .*sts:AssumeRole.*pullpath\/reader/),
    ])
  })

  it('looks nothing up without the variables, and knows nothing of that repository', async () => {
    show('Allow')
    expect(await judged(change(), {})).toEqual([expect.stringMatching(/^NON_COMPLIANT Undetermined: /)])
    expect(assumed).toEqual([])
    expect(aws.calls.filter(({ operation }) => operation.includes('Aggregat'))).toEqual([])
  })

  it('looks nothing up for a rule that asks no repository of others', async () => {
    const event = changeOf('role-ci-trust-scoped', roleItem('puller'))
    expect(await invoke('role', event, 'AWS::IAM::Role')).toHaveLength(1)
    expect(assumed).toEqual([])
  })
})

describe('the function that judges VPCs', () => {
  beforeEach(async () => {
    aws = await startPullingAccount()
    addIsolatedVpc(aws)
    startHub()
    const containerDefinitions = [{ name: 'main', image, essential: true }]
    aws.state.ecs.taskDefinitions.splice(0, 1, taskDefinition('web:1', { networkMode: 'awsvpc', containerDefinitions }))
  })

  it('asks for the repositories that workloads of the VPC name in other registries', async () => {
    show('Allow')
    const item = { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1', resourceName: null }
    const ARN = `arn:aws:ec2:${region}:${account}:vpc/vpc-1`
    const event = changeOf(throughEndpoints, { ...item, ARN })
    const fine = 'COMPLIANT The policies of the endpoints allow the pulls for service web.'
    expect(await invoke('vpc', event, 'AWS::EC2::VPC', {})).toEqual([fine])
    expect(assumed).toEqual([])
    expect(await invoke('vpc', event, 'AWS::EC2::VPC')).toEqual([fine, fine])
    expect(assumed).toEqual(['pullpath-vpc-endpoint-auditor secret-1'])
  })
})
