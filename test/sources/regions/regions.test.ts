import { EC2Client } from '@aws-sdk/client-ec2'
import { STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listRegions } from '../../../shared/sources/regions/list-regions.ts'
import { permissions } from '../../../shared/sources/regions/permissions.ts'
import { errorNamedIn, probeRegion, regionProblem } from '../../../shared/sources/regions/region-problem.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fakeSts, stsService } from '../../support/fake-aws/sts.ts'
import { faults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'

const regions = [
  ['us-east-1', 'opt-in-not-required'],
  ['eu-central-1', 'opt-in-not-required'],
  ['ap-southeast-7', 'opted-in'],
  ['af-south-1', 'not-opted-in'],
] as const
const scope = { accountId: '111122223333', region: 'af-south-1' }

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  answer(regions)
  fake.state.services.set('sts', stsService(fakeSts()))
})
afterEach(() => fake.close())

/** Without AllRegions, EC2 leaves out what is not enabled. */
function answer(all: readonly (readonly [string, string])[]): void {
  fake.state.services.set('ec2:DescribeRegions', (_, { AllRegions }) => ({
    regionInfo: all
      .filter(([, optInStatus]) => AllRegions === 'true' || optInStatus !== 'not-opted-in')
      .map(([regionName, optInStatus]) => ({
        regionName,
        optInStatus,
        regionEndpoint: `ec2.${regionName}.amazonaws.com`,
      })),
  }))
}
const configuration = () => ({
  region: 'eu-central-1',
  endpoint: fake.endpoint,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})
const base = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
const list = (callTimeout = 5_000) => listRegions({ ...base, callTimeout, client: new EC2Client(configuration()) })
const probe = (worksElsewhere: boolean) =>
  probeRegion({ ...base, ...scope, client: new STSClient(configuration()) }, worksElsewhere)

describe('the regions', () => {
  it('are all of the partition, with those that are not enabled told apart', async () => {
    expect(await list()).toEqual({
      state: 'known',
      value: [
        { name: 'af-south-1', enabled: false },
        { name: 'ap-southeast-7', enabled: true },
        { name: 'eu-central-1', enabled: true },
        { name: 'us-east-1', enabled: true },
      ],
    })
  })

  it.each([
    ['lacks the region that answers', [['us-east-1', 'opt-in-not-required']]],
    ['says that the region that answers is not enabled', [['eu-central-1', 'not-opted-in']]],
    ['has a status nobody knows', [...regions, ['xx-north-1', 'maybe']]],
    ['has a region that is none', [...regions, ['../etc', 'opted-in']]],
  ] as const)('are unknown when the answer %s', async (_, all) => {
    answer(all)
    expect(await list()).toMatchObject({ state: 'unknown', reason: 'ec2:DescribeRegions failed with MalformedAnswer' })
  })

  it.each(faults)('are unknown when the call %s', async (_, fault, _error, transience) => {
    fake.state.plan = () => fault
    expect(await list('hang' in fault ? 100 : undefined)).toMatchObject({ state: 'unknown', transience })
  })

  it('need exactly the actions stated', async () => {
    await list()
    expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action))
  })
})

const refusals = ['UnrecognizedClientException', 'AuthFailure', 'InvalidClientTokenId', 'OptInRequired']

describe('B5 a region that refuses credentials', () => {
  it.each(refusals)('B5 with %s is not enabled when they work elsewhere', (error) => {
    expect(regionProblem(error, scope, true)).toEqual({
      kind: 'not-enabled',
      reason: 'region af-south-1 is not enabled in account 111122223333',
      transience: 'lasting',
    })
  })

  it.each(refusals)('B5 with %s has bad credentials when they work nowhere', (error) => {
    expect(regionProblem(error, scope, false)).toEqual({
      kind: 'bad-credentials',
      reason: `the credentials for account 111122223333 are not valid: af-south-1 refuses them with ${error}`,
      transience: 'lasting',
    })
  })

  it.each(['AccessDenied', 'ExpiredToken', 'TimeoutError', 'Throttling'])('says nothing of it with %s', (error) => {
    expect(regionProblem(error, scope, true)).toBeUndefined()
  })

  it('B5 is found out with one question that takes no permission', async () => {
    expect(await probe(true)).toEqual({ state: 'works' })
    fake.state.plan = () => ({ error: 'InvalidClientTokenId', status: 403 })
    expect(await probe(true)).toMatchObject({ state: 'refused', kind: 'not-enabled' })
    expect(await probe(false)).toMatchObject({ state: 'refused', kind: 'bad-credentials' })
    fake.state.plan = () => ({ error: 'ServiceUnavailable', status: 503 })
    expect(await probe(true)).toEqual({
      state: 'unknown',
      reason: 'sts:GetCallerIdentity failed with ServiceUnavailable',
      transience: 'passing',
    })
    fake.state.plan = () => ({ answer: {} })
    expect(await probe(true)).toMatchObject({ state: 'unknown' })
  })

  it('B5 is recognised in the reason of a gap', () => {
    expect(errorNamedIn('ecr:DescribeRepositories failed with UnrecognizedClientException')).toBe(
      'UnrecognizedClientException',
    )
    expect(errorNamedIn('sts:GetCallerIdentity failed with AuthFailure: the credentials are not valid')).toBe(
      'AuthFailure',
    )
    expect(errorNamedIn('AWS::ECR::Repository was read one by one, not listed')).toBeUndefined()
  })
})
