import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aggregatorPlaceOf } from '../../shared/live/aggregator-place.ts'
import { decideOne } from '../../shared/live/decide-one.ts'
import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { type ForeignRepositories, foreignRepositories } from '../../shared/live/foreign-repositories.ts'
import { judge } from '../../shared/live/judge.ts'
import { readEverything, type View } from '../../shared/live/live.ts'
import { roleSources } from '../../shared/live/sources/role-sources.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules } from '../../shared/rules/index.ts'
import { foreignLookUp } from '../../shared/sources/foreign-repositories/look-up.ts'
import { definitionArn, policy, role, taskDefinition } from '../lambdas/config-rule/role-scenario.ts'
import { clientsAt } from '../support/fake-aws/clients.ts'
import { configQueryService, emptyConfig, type FakeConfig } from '../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'

const account = '111122223333'
const region = 'eu-central-1'
const other = '444455556666'
const foreignArn = `arn:aws:ecr:${region}:${other}:repository/base`
const imageOf = (owner: string, name: string, where = region) => `${owner}.dkr.ecr.${where}.amazonaws.com/${name}:1`
const pulls = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const [rule] = rules.filter(({ id }) => id === 'ecs-execution-role-can-pull')

let aws: FakeAws
let config: FakeConfig
let foreign: ForeignRepositories
beforeEach(async () => {
  aws = await startFakeAws()
  config = emptyConfig()
  config.aggregators.set('hub', [
    { SourceType: 'ACCOUNT', SourceId: other, AwsRegion: region, LastUpdateStatus: 'SUCCEEDED' },
  ])
  aws.state.services.set('config', configQueryService({ accountId: '999999999999', region }, config))
  const { config: client } = clientsAt(aws.endpoint, region)
  foreign = foreignRepositories(foreignLookUp(async () => ({ state: 'open', client, aggregator: 'hub' })))
  const own = policy(
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    { Effect: 'Allow', Action: pulls, Resource: foreignArn },
  )
  aws.state.iam.roles.push(role('puller', own))
  define(imageOf(other, 'base'))
  config.items.push(item('AWS::Config::ConfigurationRecorder', 'default', { RecordingGroup: { AllSupported: true } }))
})
afterEach(() => aws.close())

function define(...images: readonly string[]): void {
  const containerDefinitions = images.map((image, n) => ({ name: `c${n}`, image, essential: true }))
  aws.state.ecs.taskDefinitions.splice(0, Infinity, taskDefinition('web:1', { containerDefinitions }))
}

function item(resourceType: string, resourceId: string, configuration: JsonObject): JsonObject {
  return {
    ...{ version: '1.3', accountId: other, awsRegion: region, resourceType, resourceId, resourceName: resourceId },
    ...{ configurationItemStatus: 'OK', configurationItemCaptureTime: '2026-03-01T11:00:00.000Z' },
    ...{ tags: {}, relationships: [], configuration, supplementaryConfiguration: {}, arn: foreignArn },
  }
}

function hold(Effect: 'Allow' | 'Deny'): void {
  const RepositoryPolicyText = {
    Version: '2012-10-17',
    Statement: [{ Effect, Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: pulls }],
  }
  config.items.push(item('AWS::ECR::Repository', 'base', { RepositoryName: 'base', RepositoryPolicyText }))
}

const viewWith = (more: Partial<View>): View => ({
  reader: { accountId: account, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout: 1_000, ownRole: 'puller' },
  sources: roleSources(clientsAt(aws.endpoint, region)),
  ...more,
})
const selected = () => ({ rule: rule!, settings: defaultSettings })

/** What a change and a sweep say of the task definition. */
async function verdicts(more: Partial<View> = { foreign }): Promise<readonly string[]> {
  const view = viewWith(more)
  const type = 'AWS::ECS::TaskDefinition'
  const arn = definitionArn('web:1')
  const resource = {
    ...{ type, id: arn, name: undefined, arn, accountId: account, region, capturedAt: view.reader.readAt },
    ...{ status: 'OK' as const, leftScope: false },
  }
  const ground = { selected: selected(), view, basis: '', historyItem: async () => ({}) }
  const { config: one } = await decideOne(resource, undefined, ground)
  const all = judge(selected(), view, await readEverything(view, selected().rule)).findings
  return [...one, ...all].map(({ compliance, reason }) => `${compliance} ${reason}`)
}

describe('a task definition whose image is in a registry of another account', () => {
  it('passes by a change and by a sweep when that repository lets the account pull', async () => {
    hold('Allow')
    expect(await verdicts()).toEqual([expect.stringMatching(/^COMPLIANT/), expect.stringMatching(/^COMPLIANT/)])
  })

  it('fails when it does not', async () => {
    hold('Deny')
    expect(await verdicts()).toEqual([expect.stringMatching(/^NON_COMPL/), expect.stringMatching(/^NON_COMPL/)])
  })

  it('is undetermined when the aggregator does not show the repository, never a failure', async () => {
    const reason = `UNDETERMINED .*the aggregator shows no repository base of account ${other} in ${region}`
    expect(await verdicts()).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)])
  })

  it('is undetermined where nobody looks it up', async () => {
    hold('Allow')
    expect(await verdicts({})).toEqual([expect.stringMatching(/^UNDETERMINED/), expect.stringMatching(/^UNDETERMINED/)])
    expect(aws.calls.filter(({ operation }) => operation.startsWith('SelectAgg'))).toEqual([])
  })
})

describe('what is looked up', () => {
  const asked: string[] = []
  const counting = foreignRepositories(async (_, { accountId, region: where }, names) => {
    asked.push(`${accountId} ${where} ${names.join(' ')}`)
    return { items: [], coverage: [], gaps: [] }
  })
  beforeEach(() => void asked.splice(0))

  it('is each repository of another account or region once, and none of ours, of AWS, or of who knows whom', async () => {
    define(
      ...[imageOf(account, 'mine'), imageOf(other, 'base'), imageOf(other, 'base'), imageOf(other, 'app')],
      ...[imageOf(account, 'mine', 'eu-west-1'), 'docker.io/library/nginx', imageOf('602401143452', 'eks/pause')],
    )
    await verdicts({ foreign: counting })
    expect([...new Set(asked)].sort()).toEqual([`${account} eu-west-1 mine`, `${other} ${region} app base`])
  })

  it('is nothing when the rule does not look at repositories', async () => {
    const reading = { items: [], coverage: [], gaps: [] }
    await counting.alongside(
      viewWith({}).reader,
      ['AWS::IAM::Role'],
      reading,
      item('AWS::ECS::TaskDefinition', 'x', {}),
    )
    expect(asked).toEqual([])
  })

  it('is bounded: of more than a hundred repositories the rest is unknown, and says so', async () => {
    define(...Array.from({ length: 130 }, (_, n) => imageOf(other, `name-${n}`)))
    await verdicts({ foreign: counting })
    expect(asked.map((one) => one.split(' ').length - 2)).toEqual([100, 100])
  })
})

describe('the environment', () => {
  const good = {
    PULLPATH_AGGREGATOR_ROLE: 'arn:aws:iam::999999999999:role/pullpath/reader',
    PULLPATH_AGGREGATOR_EXTERNAL_ID: 'secret-1',
    PULLPATH_AGGREGATOR: 'hub',
  }

  it('names the role, or nothing is looked up', () => {
    expect(foreignOfEnvironment(() => ({}), 'pullpath-test')(region)).toBeUndefined()
    const foreignOf = foreignOfEnvironment(() => good, 'pullpath-test')
    expect(foreignOf(region)?.alongside).toBeTypeOf('function')
    // One session serves all invocations of a process.
    expect(foreignOf(region)).toBe(foreignOf(region))
    expect(aggregatorPlaceOf({})).toBeUndefined()
    expect(aggregatorPlaceOf(good)).toEqual({
      ...{ roleArn: good.PULLPATH_AGGREGATOR_ROLE, externalId: 'secret-1', aggregator: 'hub', region: undefined },
    })
  })

  it.each([
    [{ PULLPATH_AGGREGATOR_ROLE: 'arn:aws:iam::9:role/x' }, 'PULLPATH_AGGREGATOR_ROLE'],
    [{ PULLPATH_AGGREGATOR_EXTERNAL_ID: '' }, 'PULLPATH_AGGREGATOR_EXTERNAL_ID'],
    [{ PULLPATH_AGGREGATOR: "hub' OR" }, 'PULLPATH_AGGREGATOR'],
    [{ PULLPATH_AGGREGATOR_REGION: 'x' }, 'PULLPATH_AGGREGATOR_REGION'],
  ])('with %j is refused by name, without the value', (wrong, name) => {
    expect(() => aggregatorPlaceOf({ ...good, ...wrong })).toThrow(
      new RegExp(`^environment variable ${name}: [a-zA-Z ]+$`),
    )
  })
})
