import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import { DescribeConfigurationRecordersCommand } from '@aws-sdk/client-config-service'
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { ListClustersCommand } from '@aws-sdk/client-ecs'
import { ListClustersCommand as ListEksClustersCommand } from '@aws-sdk/client-eks'
import { GetAccountAuthorizationDetailsCommand } from '@aws-sdk/client-iam'
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations'
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { ListHostedZonesByVPCCommand } from '@aws-sdk/client-route-53'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { estateClients } from '../../../shared/runtime/estate-clients.ts'
import type { EstateClients } from '../../../shared/sources/estate/reader.ts'
import { politeness, sleep } from '../../../shared/sources/polite/process-politeness.ts'
import type { Session } from '../../../shared/sources/sts/session.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { place, testPoliteness } from './support.ts'

let fake: FakeAws

beforeEach(async () => {
  fake = await startFakeAws()
  for (const service of ['config', 'organizations', 'route53profiles', 'tag'])
    fake.state.services.set(service, () => ({}))
})

afterEach(() => fake.close())

const { accountId, region } = place

function session(): Session & { renewals: number } {
  const made = {
    accountId,
    callerArn: `arn:aws:sts::${accountId}:assumed-role/audit/run`,
    credentials: async () => ({ accessKeyId: `key${made.renewals}`, secretAccessKey: 'secret', sessionToken: 'token' }),
    renewals: 0,
    renew: () => {
      made.renewals += 1
    },
  }
  return made
}

const abortSignal = new AbortController().signal
const oneCallOf: { readonly [K in keyof EstateClients]: (client: EstateClients[K]) => Promise<unknown> } = {
  autoScaling: (client) => client.send(new DescribeAutoScalingGroupsCommand({})),
  config: (client) => client.send(new DescribeConfigurationRecordersCommand({})),
  ec2: (client) => client.send(new DescribeVpcsCommand({})),
  ecr: (client) => client.send(new DescribeRepositoriesCommand({})),
  ecs: (client) => client.send(new ListClustersCommand({})),
  eks: (client) => client.send(new ListEksClustersCommand({})),
  iam: (client) => client.send(new GetAccountAuthorizationDetailsCommand({})),
  organizations: (client) => client.send(new DescribeOrganizationCommand({})),
  route53: (client) => client.send(new ListHostedZonesByVPCCommand({ VPCId: 'vpc-1', VPCRegion: 'eu-central-1' })),
  route53Profiles: (client) => client.listProfileAssociations(undefined, { abortSignal }),
  tagging: (client) => client.send(new GetResourcesCommand({})),
}

function callAll(clients: EstateClients): Promise<readonly unknown[]> {
  return Promise.all([
    oneCallOf.autoScaling(clients.autoScaling),
    oneCallOf.config(clients.config),
    oneCallOf.ec2(clients.ec2),
    oneCallOf.ecr(clients.ecr),
    oneCallOf.ecs(clients.ecs),
    oneCallOf.eks(clients.eks),
    oneCallOf.iam(clients.iam),
    oneCallOf.organizations(clients.organizations),
    oneCallOf.route53(clients.route53),
    oneCallOf.route53Profiles(clients.route53Profiles),
    oneCallOf.tagging(clients.tagging),
  ])
}

describe('the clients of an estate', () => {
  it('call the service they are named for, each from the budget of its place', async () => {
    const polite = testPoliteness()
    await callAll(estateClients(session(), region, { politeness: polite, endpoint: fake.endpoint }))
    const reported = polite.reports.map((report) => `${report.region} ${report.service}:${report.operation}`).sort()
    expect(reported).toEqual([
      'eu-central-1 autoscaling:DescribeAutoScalingGroups',
      'eu-central-1 config:DescribeConfigurationRecorders',
      'eu-central-1 ec2:DescribeVpcs',
      'eu-central-1 ecr:DescribeRepositories',
      'eu-central-1 ecs:ListClusters',
      'eu-central-1 eks:ListClusters',
      'eu-central-1 route53profiles:ListProfileAssociations',
      'eu-central-1 tag:GetResources',
      'global iam:GetAccountAuthorizationDetails',
      'global organizations:DescribeOrganization',
      'global route53:ListHostedZonesByVPC',
    ])
    expect(reported.map((line) => line.split(' ')[1])).toEqual(
      expect.arrayContaining(fake.calls.map(({ service, operation }) => `${service}:${operation}`)),
    )
    expect(new Set(polite.reports.map((report) => report.accountId))).toEqual(new Set([accountId]))
  })

  it('make each request once by themselves: what is tried again is counted', async () => {
    fake.state.plan = (_operation, n) => (n === 1 ? { error: 'ThrottlingException', status: 400 } : undefined)
    const polite = testPoliteness()
    await callAll(estateClients(session(), region, { politeness: polite, endpoint: fake.endpoint }))
    const attempts = polite.reports.reduce((sum, report) => sum + report.attempts, 0)
    expect(attempts).toBe(22)
    expect(fake.calls).toHaveLength(22)
    expect(polite.budget.throttles).toBe(11)
  })

  it('renew the session when the service says that credentials have expired', async () => {
    fake.state.plan = (_operation, n) => (n === 1 ? { error: 'ExpiredTokenException', status: 400 } : undefined)
    const who = session()
    const clients = estateClients(who, region, { politeness: testPoliteness(), endpoint: fake.endpoint })
    expect(await oneCallOf.ecr(clients.ecr)).toMatchObject({ repositories: [] })
    expect(who.renewals).toBe(1)
  })

  it('are not made before their first call', () => {
    const clients = estateClients(session(), 'no region at all', { politeness: testPoliteness() })
    expect(Object.keys(clients).sort()).toEqual(Object.keys(oneCallOf).sort())
  })
})

describe('politeness of the process', () => {
  it('bounds requests and calls by default', () => {
    expect(politeness()).toMatchObject({ attemptTimeout: 20_000, callTimeout: 120_000 })
  })

  it('takes what is chosen', () => {
    const { signal } = new AbortController()
    expect(politeness({ callTimeout: 7, signal })).toMatchObject({ callTimeout: 7, attemptTimeout: 20_000, signal })
  })

  it('sleeps, and wakes with the reason of its signal', async () => {
    const controller = new AbortController()
    await sleep(1, controller.signal)
    const asleep = sleep(60_000, controller.signal)
    controller.abort(new Error('up'))
    await expect(asleep).rejects.toThrow('up')
    await expect(sleep(1, controller.signal)).rejects.toThrow('up')
  })
})
