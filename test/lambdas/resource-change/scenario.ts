import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import { createHandler } from '../../../lambdas/resource-change/create-handler.ts'
import { sightOf } from '../../../lambdas/resource-change/sight.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { rules } from '../../../shared/rules/index.ts'
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
  readonly handle: (event: unknown, options?: Invocation) => Promise<void>
}

/** A warm function in account 111122223333, eu-central-1, at 2026-03-01T12:00Z, with these rules enabled. */
export function watcher(
  fake: FakeAws,
  enabled: readonly string[],
  { variables = {}, at = region }: { readonly variables?: Readonly<Record<string, string>>; readonly at?: string } = {},
): Watched {
  const shared = {
    ...{ region: at, maxAttempts: 1, endpoint: fake.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const sight = sightOf({
    ...clientsAt(fake.endpoint, at),
    autoScaling: new AutoScalingClient(shared),
    ec2: new EC2Client(shared),
    route53: new Route53Client(shared),
  })
  const published: Finding[][] = []
  const counted: (readonly [string, number])[] = []
  let now = ''
  const handler = createHandler({
    rules,
    sight: () => sight,
    publish: async (findings) => {
      published.push([...findings])
    },
    variables: () => ({ PULLPATH_RULES: enabled.join(','), ...variables }),
    log: () => ({ info: () => undefined, warn: () => undefined }),
    metrics: () => ({ count: (name, value) => void counted.push([name, value]), flush: () => undefined }),
    now: () => new Date(now),
  })
  return {
    published,
    counted,
    handle: (event, options = {}) => {
      now = options.now ?? '2026-03-01T12:00:00.000Z'
      return handler(event, {
        invokedFunctionArn: options.functionArn ?? `arn:aws:lambda:${at}:${account}:function:pullpath-resource-change`,
        getRemainingTimeInMillis: () => options.remaining ?? 60_000,
      })
    },
  }
}

/** Rule, last part of the resource's ARN, and verdict of everything handed on, in order. */
export const told = ({ published }: Watched) =>
  published.flat().map(({ rule, resource, compliance }) => [rule, resource.arn.split('/').at(-1), compliance])
