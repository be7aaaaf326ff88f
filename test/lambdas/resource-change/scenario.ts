import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { Dependencies } from '../../../lambdas/config-rule/dependencies.ts'
import { handedChanges } from '../../../lambdas/config-rule/handed-changes.ts'
import { createHandler } from '../../../lambdas/resource-change/create-handler.ts'
import type { ForeignRepositories } from '../../../shared/live/foreign-repositories.ts'
import type { Area } from '../../../shared/live/function-names.ts'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import { roleSources, roleSourcesOnce } from '../../../shared/live/sources/role-sources.ts'
import { liveServices } from '../../../shared/live/sources/services.ts'
import { vpcSight } from '../../../shared/live/sources/vpc.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { rules } from '../../../shared/rules/index.ts'
import { ruleWatches } from '../../../shared/rules/rule-watches.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

export const account = '111122223333'
export const region = 'eu-central-1'
/** When the fake world's calls were made; the function runs a minute later. */
export const calledAt = '2026-03-01T11:59:00.000Z'

type Parts = Readonly<Record<string, unknown>>

/** An event of EventBridge about a call that CloudTrail recorded. */
export function callEvent(
  service: string,
  eventName: string,
  requestParameters: unknown,
  more: { readonly response?: unknown; readonly detail?: Parts; readonly event?: Parts } = {},
): Record<string, unknown> {
  const at = { ...{ account, region }, ...more.event } as { account: string; region: string }
  return {
    ...{ version: '0', id: '00000000-0000-0000-0000-000000000000', time: calledAt, resources: [] },
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    detail: {
      ...{ eventVersion: '1.10', eventTime: calledAt, eventType: 'AwsApiCall', readOnly: false },
      ...{ eventSource: `${service}.amazonaws.com`, eventName, awsRegion: at.region, recipientAccountId: at.account },
      ...{ requestParameters, responseElements: more.response ?? null },
      ...more.detail,
    },
    ...at,
    ...more.event,
  }
}

/** The end of a basic scan. */
export function scanEvent(repository: string, more: Parts = {}): Record<string, unknown> {
  return {
    ...{ version: '0', id: '85fc3613-e913-7fc4-a80c-a3753e4aa9ae', time: calledAt, account, region },
    ...{ 'detail-type': 'ECR Image Scan', source: 'aws.ecr', resources: [] },
    detail: {
      ...{ 'scan-status': 'COMPLETE', 'repository-name': repository, 'image-tags': [] },
      ...{ 'finding-severity-counts': {}, 'image-digest': 'sha256:00' },
    },
    ...more,
  }
}

/** What an invocation is told; `remaining` in milliseconds. */
interface Invocation {
  readonly now?: string
  readonly functionArn?: string
  readonly remaining?: number
}

/** What was handed on, call by call. */
export interface Watched {
  readonly published: Finding[][]
  /** Metrics that were written: name and value. */
  readonly counted: (readonly [string, number])[]
  /** Warnings in the logs: message and fields. */
  readonly warned: (readonly [string, object])[]
  readonly handle: (event: unknown, options?: Invocation) => Promise<void>
}

/** What each area of a deployment sees, as its deployed function does. */
function partsOf(
  fake: FakeAws,
  at: string,
): Readonly<Record<Area, Pick<Dependencies, 'sources'> & Partial<Dependencies>>> {
  const shared = {
    ...{ region: at, maxAttempts: 1, endpoint: fake.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const clients = {
    ...clientsAt(fake.endpoint, at),
    autoScaling: new AutoScalingClient(shared),
    ec2: new EC2Client(shared),
    route53: new Route53Client(shared),
  }
  const { source, vpcs } = vpcSight(clients)
  const services = liveServices(clients)
  return {
    ecr: { sources: () => [ecrSource(clients.ecr)] },
    role: { sources: () => roleSources(clients), sourcesOnce: () => roleSourcesOnce(clients) },
    vpc: { sources: () => [source], vpcs: () => vpcs },
    image: { sources: () => [], services: () => services },
  }
}

/**
 * A warm deployment in account 111122223333, eu-central-1, at 2026-03-01T12:00Z, with these rules enabled: the function that hands
 * events on, and those that judge what they are handed. The invocation fails when any of them does, as each is tried again then.
 */
export function watcher(
  fake: FakeAws,
  enabled: readonly string[],
  {
    variables = {},
    at = region,
    foreign,
  }: {
    readonly variables?: Readonly<Record<string, string>>
    readonly at?: string
    readonly foreign?: ForeignRepositories
  } = {},
): Watched {
  const published: Finding[][] = []
  const counted: (readonly [string, number])[] = []
  const warned: (readonly [string, object])[] = []
  let now = ''
  const outside = {
    variables: () => ({ PULLPATH_RULES: enabled.join(','), ...variables }),
    log: () => ({
      info: () => undefined,
      warn: (message: string, fields: object) => void warned.push([message, fields]),
    }),
    now: () => new Date(now),
  }
  const judging = Object.entries(partsOf(fake, at)).map(([area, parts]) => {
    const handle = handedChanges(
      {
        ...outside,
        ...parts,
        ...(foreign ? { foreign: () => foreign } : {}),
        rules: rules.filter((rule) => rule.area === area),
        ruleIds: rules.map(({ id }) => id),
        clients: () => clientsAt(fake.endpoint, at),
        sqs: () => ({ send: async () => Promise.reject(new Error('there is no queue')) }),
        metrics: () => ({ count: (name, value) => void counted.push([name, value]), flush: () => undefined }),
        sleep: async () => undefined,
        random: () => 0,
      },
      async (findings) => {
        published.push([...findings])
      },
    )
    return [area, handle] as const
  })
  const functions = new Map(judging)
  return {
    published,
    counted,
    warned,
    handle: async (event, options = {}) => {
      now = options.now ?? '2026-03-01T12:00:00.000Z'
      const handed: (readonly [Area, unknown])[] = []
      const handOn = async (area: Area, one: unknown) => void handed.push([area, one])
      const context = {
        invokedFunctionArn: options.functionArn ?? `arn:aws:lambda:${at}:${account}:function:pullpath-resource-change`,
        getRemainingTimeInMillis: () => options.remaining ?? 60_000,
      }
      await createHandler({ ...outside, watches: ruleWatches, handOn })(event, context)
      const failures: unknown[] = []
      for (const [area, one] of handed)
        await functions
          .get(area)?.(one, context)
          .catch((error) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** Rule, last part of the resource's ARN, and verdict of everything handed on, in order. */
export const told = ({ published }: Watched) =>
  published.flat().map(({ rule, resource, compliance }) => [rule, resource.arn.split('/').at(-1), compliance])
