import { ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregatorName, hubFunctions, publishedPrefix, reportPrefix, SCP_CHARACTERS } from '../../infra/hub-config.ts'
import { stackNames } from '../../infra/templates.ts'
import { readEnvironment } from '../../lambdas/organization/environment.ts'
import { readEnvironment as readReportEnvironment } from '../../lambdas/organization-report/environment.ts'
import { cloudFormation, type Place } from './cloudformation.ts'
import { type Comparison, compareStack, expectedOf } from './compare-stack.ts'
import { away, createHub, createStack, type Estate, home, startEstate } from './deployment-estate.ts'
import { leftOutByMoto } from './moto-templates.ts'
import { putByHand } from './put-left-out.ts'
import { servicesOf } from './services.ts'
import { ofType, outputsOf, refusedParameters, resourcesOf, type Stack } from './stack-values.ts'

let estate: Estate
let place: Place
let hub: Stack
let compared: Comparison

beforeAll(async () => {
  estate = await startEstate()
  hub = await createHub(estate)
  place = await estate.at(hub.accountId)
  compared = await compareStack(place, hub)
}, 300_000)
afterAll(() => estate?.moto.stop())

describe('the hub stack in moto', () => {
  it('is created, with parameters that the template would take', async () => {
    expect(await cloudFormation(place).stackStatus(stackNames.hub)).toBe('CREATE_COMPLETE')
    expect(refusedParameters(hub.template, hub.parameters)).toEqual([])
  })

  it('has every resource of the template, but for the types that moto is known to leave out', () => {
    const { created, leftOut, missing } = expectedOf(hub)
    expect(compared).toMatchObject({ created, leftOut, missing })
    expect([...leftOut].sort()).toEqual([
      'AWS::CloudFormation::CustomResource',
      'AWS::CloudFormation::StackSet',
      'AWS::CloudWatch::Alarm',
      'AWS::Config::ConfigurationAggregator',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::QueuePolicy',
    ])
    expect(created.size).toBeGreaterThan(10)
  })

  it('says of them what the template says, but for the properties that moto is known to lose', () => {
    expect(compared.lost).toEqual(expectedOf(hub).lost)
  })

  it('is said by the stack to have what the services have', () => {
    const found = [...compared.found].filter(([, one]) => one !== undefined)
    expect(new Set(hub.physical.keys())).toEqual(new Set(found.map(([id]) => id)))
    expect(found).toHaveLength(hub.physical.size)
  })

  it('gives the outputs that a member stack by hand is told', async () => {
    const outputs = await cloudFormation(place).outputs(stackNames.hub)
    expect(outputs).toEqual(outputsOf(hub))
    expect([...outputs.keys()]).toEqual([
      'BucketName',
      'PublishedPrefix',
      'KeyArn',
      'AggregatorName',
      'AggregatorRoleArn',
    ])
  })

  it('is not excused for a type that no template has', () => {
    const types = Object.values(estate.templates).flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    )
    expect([...leftOutByMoto].filter((type) => !types.includes(type))).toEqual([])
  })
})

describe('what moto leaves out of the hub stack', () => {
  it('is taken by the services themselves, and is there as the template says', async () => {
    const { types, differing } = await putByHand(place, hub)
    expect(differing).toEqual({})
    // The stack set is that of the members' tests, the first publication that of the tests of what is published.
    const { leftOut } = expectedOf(hub)
    const expected = [...leftOut, 'AWS::S3::Bucket'].filter((type) => !type.startsWith('AWS::CloudFormation::'))
    expect([...types].sort()).toEqual(expected.sort())
  })
})

describe('the functions of the hub as deployed', () => {
  /** The variables of a function, as Lambda would give them. */
  const variablesOf = async (name: string): Promise<Record<string, string>> => {
    const { Functions = [] } = await servicesOf(place).lambda.send(new ListFunctionsCommand({}))
    return Functions.find(({ FunctionName }) => FunctionName === name)?.Environment?.Variables ?? {}
  }

  it('are told where to publish', async () => {
    expect(readEnvironment(await variablesOf(hubFunctions.organization.functionName))).toEqual({
      ...{ bucket: hub.physical.get('HubBucket'), prefix: publishedPrefix, settingsSource: 'source/settings.yaml' },
    })
  })

  it('are told what to report on', async () => {
    expect(readReportEnvironment(await variablesOf(hubFunctions.report.functionName))).toMatchObject({
      ...{ bucket: hub.physical.get('HubBucket'), prefix: publishedPrefix, reportPrefix },
      ...{ regions: [home, away], homeRegion: undefined, config: undefined, aggregator: aggregatorName },
    })
  })
})

describe('another hub', () => {
  it('has what other parameters ask for', async () => {
    const key = `arn:aws:kms:${home}:999988887777:key/0a1b2c3d-0000-4000-8000-000000000000`
    const other = await createHub(
      estate,
      {
        ...{ CallAs: 'SELF', RepositoryLookUp: 'off', ReserveConcurrency: 'off', HomeRegion: away },
        ...{ ConfigBucket: 'config-of-the-organization', ConfigBucketAccount: '999988887777', ConfigBucketKey: key },
        ...{ ConfigBucketPrefix: 'team/', ConfigBucketRegion: away, ReportSchedule: 'rate(1 day)' },
        ...{ AlarmTopic: `arn:aws:sns:${home}:999988887777:alarms`, SettingsKey: 'source/other.yaml' },
      },
      estate.accounts[1],
    )
    expect(refusedParameters(other.template, other.parameters)).toEqual([])
    expect(await compareStack(await estate.at(other.accountId), other)).toMatchObject(expectedOf(other))
    const only = (one: Stack, than: Stack) => [...one.physical.keys()].filter((id) => !than.physical.has(id))
    const names = (ids: readonly string[]) => ids.map((id) => id.slice(0, -8)).sort()
    expect(names(only(other, hub))).toEqual(['ReportSnapshotKey', 'ReportSnapshotReads'])
    expect(names(only(hub, other))).toEqual(['OrganizationAggregatorReader', 'ReportAggregatorReads'])
  })
})

describe('the hub stack, deleted', () => {
  it('leaves the key and the bucket behind, and nothing else', async () => {
    await cloudFormation(place).call('DeleteStack', { StackName: stackNames.hub })
    await expect(cloudFormation(place).stackStatus(stackNames.hub)).rejects.toThrow('does not exist')
    const { found } = await compareStack(place, hub)
    const resources = resourcesOf(hub)
    const created = expectedOf(hub).created
    const left = [...found].filter(([id, one]) => one !== undefined && created.has(resources.get(id)!.Type))
    expect(left.map(([id]) => id)).toEqual(['HubKey', 'HubBucket'])
    const retained = [...resources].filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
    expect(retained.map(([, { Type }]) => Type)).toEqual(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
  })
})

describe('the guardrail stack', () => {
  it('is created in the management account, with policies that AWS Organizations takes for the units', async () => {
    const guardrail = await createStack(estate, 'guardrail', {
      ...{ TargetIds: estate.units.join(','), OtherConfigRules: 'denied' },
      ExemptRoles: 'arn:aws:iam::*:role/break-glass,arn:aws:iam::*:role/AWSControlTowerExecution',
    })
    const management = await estate.atManagement()
    expect(await cloudFormation(management).stackStatus(stackNames.guardrail)).toBe('CREATE_COMPLETE')
    expect(refusedParameters(guardrail.template, guardrail.parameters)).toEqual([])
    expect(await compareStack(management, guardrail)).toMatchObject(expectedOf(guardrail))
    expect(await putByHand(management, guardrail)).toEqual({
      ...{ types: new Set(['AWS::Organizations::Policy']), differing: {} },
    })
    expect(ofType(guardrail, 'AWS::Organizations::Policy')).toHaveLength(3)
    for (const { Content, Type } of ofType(guardrail, 'AWS::Organizations::Policy')) {
      const policy = JSON.parse(Content)
      expect([Type, Content.length <= SCP_CHARACTERS, policy.Version]).toEqual([
        'SERVICE_CONTROL_POLICY',
        true,
        '2012-10-17',
      ])
    }
  })
})
