import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hubOf } from '../../../shared/live/hub.ts'
import { rules } from '../../../shared/rules/index.ts'
import { readEnvironment } from '../../../shared/runtime/environment.ts'
import { organizationTypes } from '../../../shared/sources/published/organization-file.ts'
import { type Hub, hub, jsonKey, organizationKey, region, setMembers, sourceKey, startHub } from './scenario.ts'

const url =
  'https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/answer?X-Amz-Signature=sesame'
const ids = {
  StackId: `arn:aws:cloudformation:${region}:${hub}:stack/pullpath-hub/1a2b`,
  RequestId: '7f0c5a52-0000-4000-8000-000000000000',
  LogicalResourceId: 'FirstPublicationPublication1A2B',
}
const answered = { ...ids, PhysicalResourceId: 'pullpath-first-publication' }

let world: Hub
beforeEach(async () => {
  world = await startHub()
})
afterEach(() => world.close())

/** As CloudFormation writes it. */
const eventOf = (RequestType: string, more: object = {}) => ({
  ...{ RequestType, ResponseURL: url, ...ids, ResourceType: 'AWS::CloudFormation::CustomResource' },
  ServiceToken: `arn:aws:lambda:${region}:${hub}:function:pullpath-organization`,
  ResourceProperties: { Code: 'aa', ServiceTimeout: '1200' },
  ...more,
})
const asked = (request: string, more?: Parameters<Hub['invoke']>[1]) => world.invoke(eventOf(request), more)
const answers = () => world.answers.map(({ body }) => body)
const publish = (text: string) => {
  world.s3.put(sourceKey, text)
  return world.run()
}
const notValid = 'rules:\n  ecr-repository-not-publix: {}\n'
const refusal = `not published: Settings: the settings are not valid: ${sourceKey}:2: rules.ecr-repository-not-publix: unknown rule id; "pullpath rules list" names them all`

/** A function of a member, in a process of its own. */
function member() {
  const variables = { PULLPATH_HUB_BUCKET: world.s3.bucket, PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_HUB_ACCOUNT: hub }
  world.s3.mayList = false
  const read = hubOf(
    () => variables,
    () => world.s3.client(),
  )
  const reader = { accountId: '100000000001', region, readAt: new Date(world.now).toISOString() }
  const all = rules.map(({ id }) => id)
  return { settled: () => read.settled(readEnvironment({}), reader, rules, all), read, reader }
}

describe('the first publication', () => {
  it('is there when the stack goes on: members work, although nobody has written settings', async () => {
    await expect(member().settled()).rejects.toThrow('not published yet, or not readable')
    world.s3.mayList = true
    await asked('Create')
    expect(world.answers).toEqual([{ url, body: { Status: 'SUCCESS', ...answered } }])
    const { settled, read, reader } = member()
    expect(JSON.parse((await settled()).settingsText)).toEqual({})
    const [source] = read.sources()
    const { items, gaps } = await source!.list(reader, organizationTypes)
    expect(gaps).toEqual([])
    expect(items.filter(({ resourceType }) => resourceType === 'AWS::Organizations::Account')).toHaveLength(4)
    expect(world.measured).toContain('SettingsPublished 1')
  })

  it('is made again by an update, and writes nothing where nothing has changed', async () => {
    await asked('Create')
    const before = world.s3.calls.filter((call) => call.startsWith('PutObject')).length
    await asked('Update')
    expect(world.s3.calls.filter((call) => call.startsWith('PutObject'))).toHaveLength(before)
    setMembers(world.organization, 5)
    await asked('Update')
    expect(world.s3.objects.get(organizationKey)).toHaveLength(2)
    expect(answers()).toEqual(Array(3).fill({ Status: 'SUCCESS', ...answered }))
  })

  it('is left alone by a deletion', async () => {
    await asked('Delete', { variables: { PULLPATH_HUB_BUCKET: '' } })
    expect(answers()).toEqual([{ Status: 'SUCCESS', ...answered }])
    expect(world.s3.calls).toEqual([])
    expect(world.aws.calls).toEqual([])
  })

  it('is refused with the reason where settings are not valid and nothing good is published', async () => {
    world.s3.put(sourceKey, notValid)
    await asked('Create')
    expect(answers()).toEqual([{ Status: 'FAILED', Reason: refusal, ...answered }])
    expect(world.s3.objects.has(jsonKey)).toBe(false)
    expect(world.pauses).toEqual([5_000, 10_000, 20_000, 40_000])
  })

  it('is granted while a good copy is published: an update must not fail by what somebody wrote', async () => {
    await publish('undetermined: leave\n')
    world.s3.put(sourceKey, notValid)
    await asked('Update')
    expect(answers()).toEqual([{ Status: 'SUCCESS', ...answered }])
    expect(JSON.parse(world.s3.text(jsonKey) ?? '')).toEqual({ undetermined: 'leave' })
    expect(world.measured.slice(-2)).toEqual(['PublicationsRefused 1', 'flush'])
    expect(world.logged.at(-2)).toContain('unknown rule id')
  })

  it('is refused where the copy is none that the functions of this version take', async () => {
    await publish('undetermined: leave\n')
    world.s3.put(jsonKey, '{"rules":{"a-rule-of-before":{}}}')
    world.s3.put(sourceKey, notValid)
    await asked('Update')
    expect(answers()).toEqual([{ Status: 'FAILED', Reason: refusal, ...answered }])
  })

  it('is tried again: a role of a moment ago is not known everywhere', async () => {
    world.aws.state.plan = (operation) =>
      operation === 'DescribeOrganization' && world.pauses.length < 2 ? { error: 'AccessDeniedException' } : undefined
    await asked('Create')
    expect(answers()).toEqual([{ Status: 'SUCCESS', ...answered }])
    expect(world.pauses).toEqual([5_000, 10_000])
  })

  it.each<[string, () => void, string]>([
    [
      'the organization may not be read',
      () => {
        world.aws.state.plan = () => ({ error: 'AccessDeniedException' })
      },
      'not published: Organization: ',
    ],
    [
      'the bucket may not be written',
      () => {
        world.s3.plan = (operation) => (operation === 'PutObject' ? { error: 'AccessDenied', status: 403 } : undefined)
      },
      'not published: Organization: s3:PutObject failed with AccessDenied; Settings: s3:PutObject failed with AccessDenied',
    ],
    [
      'the account is in no organization',
      () => {
        world.aws.state.plan = (operation) =>
          operation === 'DescribeOrganization' ? { error: 'AWSOrganizationsNotInUseException' } : undefined
      },
      'not published: Organization: the account is in no organization',
    ],
  ])('is refused when %s, and the answer is no error of the function', async (_, prepare, reason) => {
    prepare()
    await asked('Create')
    expect(answers()).toEqual([{ Status: 'FAILED', Reason: expect.stringContaining(reason), ...answered }])
  })

  it('is refused where the environment is not good', async () => {
    await asked('Create', { variables: { PULLPATH_HUB_BUCKET: '' } })
    expect(answers()).toEqual([
      {
        ...{ Status: 'FAILED', ...answered },
        Reason: 'not published: environment variable PULLPATH_HUB_BUCKET: expected a bucket',
      },
    ])
  })

  it('D2 is refused in time when something hangs: CloudFormation would wait for an hour', async () => {
    world.s3.plan = (operation) => (operation === 'PutObject' ? { hang: true } : undefined)
    const started = Date.now()
    await asked('Create', { timeLeft: 21_500 })
    expect(Date.now() - started).toBeLessThan(6_000)
    expect(answers()).toEqual([{ Status: 'FAILED', Reason: 'not published: it took too long', ...answered }])
  })

  it('is short, whatever the settings hold', async () => {
    world.s3.put(sourceKey, `"${'\\u0007\\"x\\n'.repeat(5_000)}": 1\n`)
    await asked('Create')
    const [{ Reason = '' } = {}] = answers()
    expect(Reason).toContain('the settings are not valid')
    expect(Reason.length).toBeLessThan(450)
    expect(Reason).not.toMatch(/\p{Cc}/u)
  })
})

describe('the answer to CloudFormation', () => {
  it('is sent again when it is not taken', async () => {
    world.takeAnswer = (n) => [undefined, 503, 200][n - 1]
    await asked('Create')
    expect(answers()).toEqual(Array(3).fill({ Status: 'SUCCESS', ...answered }))
  })

  it.each([403, undefined])('that nobody takes (%s) fails the invocation, which Lambda repeats', async (status) => {
    world.takeAnswer = () => status
    await expect(asked('Create')).rejects.toThrow(
      new Error(`CloudFormation did not take the answer: ${status ?? 'no connection'}`),
    )
    expect(world.answers).toHaveLength(4)
    world.takeAnswer = () => 200
    await asked('Create')
    expect(world.s3.objects.get(organizationKey)).toHaveLength(1)
    expect(answers().at(-1)).toEqual({ Status: 'SUCCESS', ...answered })
  })

  it('refuses what CloudFormation has never asked', async () => {
    await asked('Import')
    expect(answers()).toEqual([
      { Status: 'FAILED', Reason: 'event.RequestType: expected Create, Update or Delete', ...answered },
    ])
    expect(world.s3.calls).toEqual([])
  })

  it('leaves its address in no log and in no error', async () => {
    world.takeAnswer = () => undefined
    const thrown = await asked('Create').catch((error: unknown) => error)
    expect(`${String(thrown)} ${JSON.stringify(thrown)} ${(thrown as Error).cause}`).not.toContain('sesame')
    expect(world.logged.join()).not.toContain('sesame')
    await world.invoke(eventOf('Create', { StackId: 7 })).catch((error: unknown) => {
      expect(String(error)).not.toContain('sesame')
    })
  })

  it.each([
    'http://bucket.s3.amazonaws.com/x',
    'https://amazonaws.com.evil.example/x',
    'https://evilamazonaws.com/x',
    'https://evil.example/?.amazonaws.com',
    'https://evil.example#.amazonaws.com',
    'https://user@bucket.s3.amazonaws.com/x',
    'https://bucket.s3.amazonaws.com:8443/x',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'nonsense',
    '',
    7,
  ])('is never sent to %s', async (ResponseURL) => {
    await expect(world.invoke(eventOf('Create', { ResponseURL }))).rejects.toThrow(/^event\.ResponseURL: expected/)
    expect([world.answers, world.s3.calls]).toEqual([[], []])
  })

  it.each([
    'https://cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn/x',
    'https://cloudformation-custom-resource-response-usgovwest1.s3.us-gov-west-1.amazonaws.com/x',
    'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x',
  ])('goes to %s', async (ResponseURL) => {
    await world.invoke(eventOf('Delete', { ResponseURL }))
    expect(world.answers.map((one) => one.url)).toEqual([ResponseURL])
  })

  it.each(['StackId', 'RequestId', 'LogicalResourceId', 'RequestType', 'ResponseURL'])(
    'cannot be given without %s, which is named',
    async (field) => {
      await expect(world.invoke(eventOf('Create', { [field]: undefined }))).rejects.toThrow(`event.${field}: expected`)
      expect([world.answers, world.s3.calls]).toEqual([[], []])
    },
  )
})
