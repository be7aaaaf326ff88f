import { afterEach, beforeEach, expect, test } from 'vitest'
import { doctorClients } from '../../../shared/runtime/doctor-clients.ts'
import { politeness } from '../../../shared/sources/polite/process-politeness.ts'
import { type Probe, type ProbeOutcome, tryProbe } from '../../../shared/sources/probes/probe.ts'
import { probes } from '../../../shared/sources/probes/probes.ts'
import { samples } from '../../../shared/sources/probes/samples.ts'
import { readerPermissions } from '../../../shared/sources/reader-permissions.ts'
import { serveDoctor } from '../../support/fake-aws/doctor.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveDoctor(fake)
})
afterEach(() => fake.close())

const stated = Object.values(readerPermissions).flatMap((part) => part.map(({ action }) => action as string))
const actions = [...new Set(stated)].sort()
const tried = actions.filter((action) => action !== 'sts:AssumeRole')

/** Tries the action with clients of their own; AWS goes wrong as planned. */
async function outcomeOf(action: string, plan: FakeAws['state']['plan'] = () => undefined): Promise<ProbeOutcome> {
  fake.calls.length = 0
  fake.state.plan = plan
  const { accountId, region } = fake.state
  const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
  const session = { accountId, callerArn: '', credentials, renew: () => {} }
  const polite = politeness({ attemptTimeout: 200, callTimeout: 300 })
  const clients = doctorClients(session, region, { politeness: polite, endpoint: fake.endpoint })
  const reader = { accountId, region, readAt: '2026-03-01T12:00:00.000Z', client: clients.ec2, callTimeout: 300 }
  const target = { accountId, region, partition: 'aws', clients, sample: samples(reader) }
  const one: Probe = probes[action as keyof typeof probes]
  return tryProbe(one, target, AbortSignal.timeout(5_000))
}

/** Every call of the operation that is no look-up of a sample goes wrong. */
const onlyOn = (action: string, fault: Fault) => (operation: string, _n: number, body: { DryRun?: string }) => {
  const isLookUp = fake.calls.at(-1)?.service === 'ec2' && body.DryRun !== 'true'
  return operation === action.split(':')[1] && !isLookUp ? fault : undefined
}

/** As each service spells a refusal. */
function refusalOf(action: string): Fault {
  const [service = ''] = action.split(':')
  if (service === 'ec2') return { error: 'UnauthorizedOperation', status: 403 }
  const isXml = ['iam', 'sts', 'autoscaling', 'route53'].includes(service)
  return { error: isXml ? 'AccessDenied' : 'AccessDeniedException', status: isXml ? 403 : 400 }
}

test('every stated action has a probe and every probe is of a stated action', () => {
  expect(Object.keys(probes).sort()).toEqual(actions)
})

test.each(tried)('%s: present where it is permitted, asked by that call and no other', async (action) => {
  expect(await outcomeOf(action)).toEqual({ state: 'present' })
  const sampled = fake.calls.filter(({ service, body }) => !(service === 'ec2' && body.DryRun !== 'true'))
  expect([...new Set(sampled.map(({ service, operation }) => `${service}:${operation}`))]).toEqual([action])
})

test.each(tried)('%s: missing where it is refused', async (action) => {
  expect(await outcomeOf(action, onlyOn(action, refusalOf(action)))).toEqual({ state: 'missing' })
})

test.each(['ecr:GetRepositoryPolicy', 'ec2:DescribeVpcs', 'iam:GetPolicy', 'route53profiles:ListProfileAssociations'])(
  '%s: unknown when the service is broken or does not know the caller',
  async (action) => {
    expect(await outcomeOf(action, onlyOn(action, { error: 'UnrecognizedClientException' }))).toEqual({
      state: 'unknown',
      reason: 'failed with UnrecognizedClientException',
    })
    expect((await outcomeOf(action, onlyOn(action, { hang: true }))).state).toBe('unknown')
  },
)

test('a permission on the policies of the account alone is no permission on those of AWS', async () => {
  const refuseAws = (operation: string, _n: number, body: { PolicyArn?: string }) =>
    operation === 'GetPolicy' && body.PolicyArn?.startsWith('arn:aws:iam::aws:policy/')
      ? { error: 'AccessDenied', status: 403 }
      : undefined
  expect(await outcomeOf('iam:GetPolicy', refuseAws)).toEqual({ state: 'missing' })
})

test('to assume a role is not tried', async () => {
  expect(await outcomeOf('sts:AssumeRole')).toEqual({
    state: 'unknown',
    reason: 'cannot be told without taking on the role',
  })
  expect(fake.calls).toEqual([])
})

test('what is asked of a resource is not needed where there is none, and unknown where nobody can say', async () => {
  fake.state.services.set('ec2:DescribeTransitGatewayRouteTables', () => ({ transitGatewayRouteTables: [] }))
  expect(await outcomeOf('ec2:SearchTransitGatewayRoutes')).toEqual({
    state: 'unneeded',
    reason: 'there is no transit gateway route table',
  })
  const refused = (operation: string) =>
    operation === 'DescribeVpcs' ? { error: 'UnauthorizedOperation', status: 403 } : undefined
  expect(await outcomeOf('route53:ListHostedZonesByVPC', refused)).toEqual({
    state: 'unknown',
    reason: 'no vpc to ask about: ec2:DescribeVpcs failed with UnauthorizedOperation',
  })
})
