import { ListRolesCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditors, eventFunctions, queueNames } from '../../infra/config.ts'
import { aggregatorName, aggregatorReader, hubFunctions, publishedPrefix } from '../../infra/hub-config.ts'
import { stackNames } from '../../infra/templates.ts'
import { aggregatorPlaceOf } from '../../shared/live/aggregator-place.ts'
import { hubPlaceOf } from '../../shared/live/hub-place.ts'
import { ruleSwitches } from '../../shared/live/rule-switch.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { cloudFormation } from './cloudformation.ts'
import { compareStack, expectedOf } from './compare-stack.ts'
import { away, createHub, createStack, type Estate, home, startEstate } from './deployment-estate.ts'
import {
  createStackSet,
  createStacks,
  deleteStacks,
  memberStack,
  namesIn,
  parametersOf,
  type StackSetProperties,
  stackSetOf,
  variablesOf,
} from './member-stacks.ts'
import { packedRules, putByHand, putConfigRules } from './put-left-out.ts'
import { servicesOf } from './services.ts'
import { ofType, refusedParameters, resourcesOf, type Stack } from './stack-values.ts'

const functionNames = Object.values({ ...auditors, ...eventFunctions }).map(({ functionName }) => functionName)
const ofHub = Object.values(hubFunctions).map(({ functionName }) => functionName)

let estate: Estate
let hub: Stack
let set: StackSetProperties

beforeAll(async () => {
  estate = await startEstate()
  hub = await createHub(estate)
  set = stackSetOf(hub)
  await createStackSet(await estate.atManagement(), set)
  await createStacks(await estate.atManagement(), set)
}, 300_000)
afterAll(() => estate?.moto.stop())

/** The member stack of an account and region, as far as it can be found out. */
async function stackAt(accountId: string, region: string): Promise<Stack> {
  return memberStack(await estate.at(accountId, region), estate.templates.member, set)
}

const compared = async (stack: Stack) => compareStack(await estate.at(stack.accountId, stack.region), stack)

/** `account region` of each stack of the set. */
async function instances(): Promise<readonly string[]> {
  const all = await cloudFormation(await estate.atManagement()).instances(set.StackSetName)
  expect(all.filter(({ overrides }) => overrides !== '')).toEqual([])
  return all.map(({ accountId, region }) => `${accountId} ${region}`).sort()
}

const everyRegionOf = (accounts: readonly string[]) =>
  accounts.flatMap((account) => [home, away].map((region) => `${account} ${region}`)).sort()

describe('the stack set of the hub, in moto', () => {
  it('tells the member template nothing that it would refuse', () => {
    expect(refusedParameters(estate.templates.member, parametersOf(set))).toEqual([])
    expect(new Set(set.Parameters.map(({ ParameterKey }) => ParameterKey)).size).toBe(set.Parameters.length)
  })

  it('has a stack in both regions of the four accounts of the two units, with no parameters of its own', async () => {
    expect(estate.accounts).toHaveLength(4)
    expect(await instances()).toEqual(everyRegionOf(estate.accounts))
  })
})

describe('the member stacks', () => {
  it('have every resource of the template as it says, but for what moto is known to leave out and lose', async () => {
    for (const account of estate.accounts) {
      for (const region of [home, away]) {
        const stack = await stackAt(account, region)
        expect(await compared(stack)).toMatchObject(expectedOf(stack))
        expect([...expectedOf(stack).leftOut].sort()).toEqual([
          'AWS::CloudWatch::Alarm',
          'AWS::Config::ConformancePack',
          'AWS::Lambda::EventInvokeConfig',
          'AWS::SQS::QueuePolicy',
        ])
      }
    }
  }, 300_000)

  it("have nothing else, in the account of the hub too but for what is the hub's", async () => {
    for (const account of estate.accounts) {
      for (const region of [home, away]) {
        const isHub = account === hub.accountId && region === home
        const { functions, queues, rules } = await namesIn(await estate.at(account, region))
        expect(functions).toEqual([...functionNames, ...(isHub ? ofHub : [])].sort())
        const expected = [...Object.values(queueNames), ...(isHub ? ['pullpath-hub-failed-invocations'] : [])]
        expect(queues).toEqual(expected.sort())
        const ofStack = ofType(await stackAt(account, region), 'AWS::Events::Rule').map(({ Name }) => Name)
        expect(rules.filter((name) => !name.startsWith('pullpath-organization'))).toEqual(ofStack.sort())
      }
    }
  })

  it('follow calls of services without a region in the home region only', async () => {
    const [account = ''] = estate.accounts.slice(1)
    const [here, there] = [await namesIn(await estate.at(account, home)), await namesIn(await estate.at(account, away))]
    const onlyHere = here.rules.filter((name) => !there.rules.includes(name))
    expect(onlyHere).toEqual(['pullpath-change-iam-1', 'pullpath-change-route53-1'])
    expect(there.rules.filter((name) => !here.rules.includes(name))).toEqual([])
  })

  it('share no role between regions, although roles have none', async () => {
    const [account = ''] = estate.accounts
    const roles = [await stackAt(account, home), await stackAt(account, away)].map(({ physical, template }) =>
      [...physical].filter(([id]) => template.Resources[id]?.Type === 'AWS::IAM::Role').map(([, name]) => name),
    )
    expect(new Set(roles.flat()).size).toBe(2 * functionNames.length)
  })
})

describe('the functions of members as deployed', () => {
  it('refuse nothing of what they are told, and are told of the hub and the home region', async () => {
    const publisher = eventFunctions.publisher.functionName
    for (const region of [home, away]) {
      const variables = await variablesOf(await estate.at(estate.accounts[2] ?? '', region))
      expect([...variables.keys()].sort()).toEqual([...functionNames].sort())
      for (const [name, own] of variables) {
        const environment = readEnvironment(own)
        expect(environment.ownRole).toMatch(/^pullpath-member-.*Role/)
        const switchOf = ruleSwitches(
          own,
          catalogue.map(({ id }) => id),
        )
        expect(new Set(catalogue.map(switchOf))).toEqual(new Set(['open']))
        expect(JSON.stringify(own).length).toBeLessThan(4_096)
        expect([name, own.PULLPATH_HOME_REGION]).toEqual([name, name === publisher ? undefined : home])
        if (name === publisher || name === eventFunctions.resourceChange.functionName) continue
        expect(environment).toMatchObject({
          ...{ organizationId: estate.organization.id, trustedAccounts: ['999988887777'], securityHub: true },
        })
        expect(hubPlaceOf(own)).toEqual({
          bucket: { name: hub.physical.get('HubBucket'), ownerId: hub.accountId },
          ...{ prefix: publishedPrefix, region: home },
        })
        expect(own.PULLPATH_FINDINGS_QUEUE_URL).toContain(
          `${region}.amazonaws.com/${estate.accounts[2]}/pullpath-findings`,
        )
        expect(own.PULLPATH_CONFORMANCE_PACK).toBe('pullpath')
      }
    }
  })

  it('are told of the aggregator where they look up repositories of other accounts', async () => {
    const variables = await variablesOf(await estate.at(estate.accounts[2] ?? '', away))
    const place = {
      roleArn: `arn:aws:iam::${hub.accountId}:role${aggregatorReader.path}${aggregatorReader.name}`,
      ...{ externalId: hub.parameters.AggregatorExternalId, aggregator: aggregatorName, region: home },
    }
    const told = [...variables].filter(([, own]) => aggregatorPlaceOf(own) !== undefined)
    expect(told.map(([name]) => name).sort()).toEqual([
      eventFunctions.pullFailure.functionName,
      auditors.role.functionName,
      auditors.vpc.functionName,
    ])
    for (const [, own] of told) expect(aggregatorPlaceOf(own)).toEqual(place)
  })
})

describe('what moto leaves out of the member stacks', () => {
  it('is taken by the services themselves, and is there as the template says', async () => {
    const stack = await stackAt(estate.accounts[1] ?? '', home)
    const { types, differing } = await putByHand(await estate.at(stack.accountId, home), stack)
    expect(differing).toEqual({})
    const expected = ['AWS::CloudWatch::Alarm', 'AWS::Lambda::EventInvokeConfig', 'AWS::SQS::QueuePolicy']
    expect([...types].sort()).toEqual(expected)
  })

  it('is the conformance pack, whose rules AWS Config takes: each names a function that is there', async () => {
    const [here, there] = [await stackAt(estate.accounts[1] ?? '', home), await stackAt(estate.accounts[1] ?? '', away)]
    expect(await putConfigRules(await estate.at(here.accountId, home), packedRules(here))).toEqual([])
    expect(await putConfigRules(await estate.at(there.accountId, away), packedRules(there))).toEqual([])
    const namesOf = (stack: Stack) => packedRules(stack).map(({ ConfigRuleName }) => ConfigRuleName)
    const { configRules } = await namesIn(await estate.at(here.accountId, home))
    expect(configRules).toEqual(namesOf(here).sort())
    const recommended = catalogue.filter(({ defaultEnabled }) => defaultEnabled).map(({ id }) => `pullpath-${id}`)
    expect(namesOf(here).filter((name) => !recommended.includes(name))).toEqual([])
    // Rules on roles are at home only.
    const onlyHere = namesOf(here).filter((name) => !namesOf(there).includes(name))
    expect(onlyHere.length).toBeGreaterThan(0)
    const areas = catalogue.filter(({ id }) => onlyHere.includes(`pullpath-${id}`)).map(({ area }) => area)
    expect(new Set(areas)).toEqual(new Set(['role']))
  })
})

describe('the stack of the management account', () => {
  it('is an ordinary one, told what the hub puts out, here with every rule by itself, every alarm and a key', async () => {
    const outputs = await cloudFormation(await estate.at(hub.accountId)).outputs(stackNames.hub)
    const parameters = {
      ...{ OrganizationId: estate.organization.id, HomeRegion: home, HubAccount: hub.accountId, HubRegion: home },
      ...{ HubBucket: outputs.get('BucketName') ?? '', HubPrefix: outputs.get('PublishedPrefix') ?? '' },
      ...{ HubKey: outputs.get('KeyArn') ?? '', Aggregator: outputs.get('AggregatorName') ?? '' },
      ...{ AggregatorRole: outputs.get('AggregatorRoleArn') ?? '', AggregatorRegion: home },
      AggregatorExternalId: hub.parameters.AggregatorExternalId ?? '',
      ...{ ConfigRules: 'rules', EcrRules: 'all', RoleRules: 'all', VpcRules: 'all', ImageRules: 'all' },
      ...{ Alarms: 'all', Tracing: 'on', ReservedConcurrency: '3' },
      QueueKey: `arn:aws:kms:${home}:999988887777:key/0a1b2c3d-0000-4000-8000-000000000000`,
    }
    const stack = await createStack(estate, 'member', parameters)
    expect(refusedParameters(stack.template, parameters)).toEqual([])
    expect(await compared(stack)).toMatchObject(expectedOf(stack))
    // No resource of the template is without a deployment that has it.
    const packs = Object.entries(stack.template.Resources).filter(([, { Type }]) => Type.endsWith('ConformancePack'))
    expect(Object.keys(stack.template.Resources).length - resourcesOf(stack).size).toBe(packs.length)
    const { types, differing } = await putByHand(await estate.at(stack.accountId), stack)
    expect(differing).toEqual({})
    expect(types).toContain('AWS::Config::ConfigRule')
    const { configRules } = await namesIn(await estate.at(stack.accountId))
    const names = ofType(stack, 'AWS::Config::ConfigRule').map(({ ConfigRuleName }) => ConfigRuleName)
    expect(configRules).toEqual(names.sort())
  })

  it('leaves nothing behind when it is deleted', async () => {
    const management = await estate.atManagement()
    await cloudFormation(management).call('DeleteStack', { StackName: stackNames.member })
    const { functions, queues, rules } = await namesIn(management)
    expect([functions, queues, rules]).toEqual([[], [], []])
    const { Roles = [] } = await servicesOf(management).iam.send(new ListRolesCommand({}))
    expect(Roles.map(({ RoleName }) => RoleName)).toEqual([])
  })
})

describe('an account that joins later', () => {
  it('gets the same stack in both regions, and the others keep theirs', async () => {
    const before = await Promise.all(estate.accounts.map((account) => stackAt(account, away)))
    const later = await estate.organization.join('later', estate.units[1])
    // moto keeps no AutoDeployment: AWS deploys by itself when the account joins, here the stacks are asked for again.
    expect(await instances()).toEqual(everyRegionOf(estate.accounts))
    expect((await namesIn(await estate.at(later, home))).functions).toEqual([])
    await createStacks(await estate.atManagement(), set)
    expect(await instances()).toEqual(everyRegionOf([...estate.accounts, later]))
    for (const region of [home, away]) {
      const stack = await stackAt(later, region)
      expect(await compared(stack)).toMatchObject(expectedOf(stack))
      expect(parametersOf(set)).toEqual(stack.parameters)
    }
    const after = await Promise.all(estate.accounts.map((account) => stackAt(account, away)))
    expect(after.map(({ physical }) => physical)).toEqual(before.map(({ physical }) => physical))
  })
})

describe('the stack set, deleted', () => {
  it('leaves nothing behind in the accounts, and the hub stays', async () => {
    const accounts = [...new Set((await instances()).map((one) => one.split(' ')[0] ?? ''))]
    expect(accounts).toHaveLength(5)
    const stacks = await Promise.all(
      accounts.flatMap((account) => [home, away].map((region) => stackAt(account, region))),
    )
    await deleteStacks(await estate.atManagement(), set, accounts)
    await cloudFormation(await estate.atManagement()).call('DeleteStackSet', { StackSetName: set.StackSetName })
    for (const stack of stacks) {
      const created = expectedOf(stack).created
      const { found } = await compared(stack)
      const resources = resourcesOf(stack)
      const left = [...found].filter(([id, one]) => one !== undefined && created.has(resources.get(id)!.Type))
      expect(left.map(([id]) => id)).toEqual([])
    }
    const { functions, queues, rules } = await namesIn(await estate.at(hub.accountId, home))
    expect(functions).toEqual([...ofHub].sort())
    expect(queues).toEqual(['pullpath-hub-failed-invocations'])
    expect(rules).toEqual(['pullpath-organization-hourly', 'pullpath-organization-report'])
    expect(await compared(hub)).toMatchObject(expectedOf(hub))
  }, 300_000)
})
