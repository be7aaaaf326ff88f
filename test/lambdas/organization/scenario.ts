import { EC2Client } from '@aws-sdk/client-ec2'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { createHandler } from '../../../lambdas/organization/create-handler.ts'
import { settingsAsJson } from '../../../lambdas/organization/settings-as-json.ts'
import { rules } from '../../../shared/rules/index.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeOrganization, fakeOrganization, organizationsService } from '../../support/fake-aws/organizations.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'

export const hub = '999999999999'
export const region = 'eu-central-1'
export const organizationKey = 'hub/organization.json'
export const settingsKey = 'hub/settings.yaml'
export const jsonKey = 'hub/settings.json'
export const sourceKey = 'source/settings.yaml'

/** An answer as it was sent. */
export interface SentAnswer {
  readonly url: string
  readonly body: Readonly<Record<string, string>>
}

/** The hub account with its bucket and its organization, on a clock. */
export interface Hub {
  now: number
  readonly aws: FakeAws
  readonly s3: FakeS3
  readonly organization: FakeOrganization
  /** `name value`, in order. */
  readonly measured: string[]
  readonly logged: string[]
  /** Answers of ec2:DescribeRegions. */
  regions: unknown
  /** What was answered to CloudFormation, with where to. */
  readonly answers: SentAnswer[]
  /** The status of the n-th answer, counted from 1; undefined: the connection fails. */
  takeAnswer: (n: number) => number | undefined
  /** Milliseconds between attempts, in order. */
  readonly pauses: number[]
  /** One invocation by the schedule. */
  run(variables?: Record<string, string>): Promise<void>
  /** One invocation with an event. */
  invoke(
    event: unknown,
    more?: { readonly variables?: Record<string, string>; readonly timeLeft?: number },
  ): Promise<void>
  close(): Promise<void>
}

/** An organization of the hub account, which manages it, and `members` others. */
export async function startHub(members = 3): Promise<Hub> {
  const [aws, s3] = await Promise.all([startFakeAws(hub, region), startFakeS3('hub-bucket', hub)])
  const organization = fakeOrganization(hub)
  setMembers(organization, members)
  aws.state.services.set('organizations', organizationsService(organization))
  const world = {
    ...{ now: Date.parse('2026-03-01T12:00:00.000Z'), aws, s3, organization, measured: [], logged: [] },
    ...{ answers: [], pauses: [], takeAnswer: () => 200 },
    regions: [
      { regionName: region, optInStatus: 'opt-in-not-required' },
      { regionName: 'af-south-1', optInStatus: 'opted-in' },
      { regionName: 'ap-east-1', optInStatus: 'not-opted-in' },
    ],
    close: async () => void (await Promise.all([aws.close(), s3.close()])),
  } as unknown as Hub
  aws.state.services.set('ec2:DescribeRegions', () => ({ regionInfo: world.regions }))
  s3.now = () => world.now
  // The hub's own function may.
  s3.mayList = true
  world.invoke = runner(world)
  world.run = (variables = {}) =>
    world.invoke({ source: 'aws.events', account: '111122223333', detail: { anything: true } }, { variables })
  return world
}

/** The organization has these members and no others. */
export function setMembers({ accounts }: FakeOrganization, count: number): void {
  const ids = Array.from({ length: count }, (_, n) => String(100_000_000_001 + n))
  accounts.splice(1, Infinity, ...ids.map((id) => ({ id, parent: 'r-1abc', name: `member ${id}` })))
}

function runner(world: Hub): Hub['invoke'] {
  const { aws, s3, measured, logged, answers, pauses } = world
  const shared = { region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 }
  const clients = {
    organizations: new OrganizationsClient({ ...shared, endpoint: aws.endpoint }),
    ec2: new EC2Client({ ...shared, endpoint: aws.endpoint }),
    s3: s3.client(),
  }
  let variables: Record<string, string> = {}
  const handler = createHandler({
    clients: () => clients,
    settingsAsJson: (text, file, now) => settingsAsJson(text, file, rules, now),
    variables: () => variables,
    log: () => ({
      info: (message, fields) => void logged.push(`info ${message} ${JSON.stringify(fields)}`),
      warn: (message, fields) => void logged.push(`warn ${message} ${JSON.stringify(fields)}`),
    }),
    measures: () => ({
      count: (name, value) => void measured.push(`${name} ${value}`),
      flush: () => void measured.push('flush'),
    }),
    now: () => new Date(world.now),
    sleep: async (milliseconds) => void pauses.push(milliseconds),
    random: () => 0,
    send: async (url, body) => {
      const n = answers.push({ url: url.href, body: JSON.parse(Buffer.from(body).toString()) })
      const status = world.takeAnswer(n)
      if (status === undefined) throw new TypeError(`fetch failed: ${url.href}`)
      return status
    },
  })
  return (event, { variables: more = {}, timeLeft = 60_000 } = {}) => {
    variables = { PULLPATH_HUB_BUCKET: s3.bucket, PULLPATH_HUB_PREFIX: 'hub/', ...more }
    return handler(event, {
      invokedFunctionArn: `arn:aws:lambda:${region}:${hub}:function:pullpath-organization`,
      getRemainingTimeInMillis: () => timeLeft,
    })
  }
}
