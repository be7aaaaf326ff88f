// biome-ignore-all lint/suspicious/noExplicitAny: events and wire forms are whatever the test makes of them

import { readFileSync } from 'node:fs'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import { SQSClient } from '@aws-sdk/client-sqs'
import { createHandler } from '../../../lambdas/pull-failure/create-handler.ts'
import { publisher } from '../../../lambdas/pull-failure/publish.ts'
import { workWith } from '../../../lambdas/pull-failure/work.ts'
import type { ForeignRepositories } from '../../../shared/live/foreign-repositories.ts'
import type { Hub } from '../../../shared/live/hub.ts'
import { ruleIds } from '../../../shared/rules/rule-ids.ts'
import type { ReadTags } from '../../../shared/runtime/tag-reading.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { findingsPage } from '../../support/fake-aws/get-findings.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { startPullingAccount } from '../config-rule/vpc-scenario.ts'

export const account = '111122223333'
export const region = 'eu-central-1'
export const clusterArn = `arn:aws:ecs:${region}:${account}:cluster/main`
export const serviceArn = `arn:aws:ecs:${region}:${account}:service/main/web`
export const registry = `${account}.dkr.ecr.${region}.amazonaws.com`
export const digest = `sha256:${'a'.repeat(64)}`
export const functionArn = `arn:aws:lambda:${region}:${account}:function:pullpath-pull-failure`

/** The account of `startPullingAccount`, with tasks, images and a Security Hub that keeps the newest of an id. */
export interface PullAccount {
  readonly fake: FakeAws
  /** Tasks as ECS shows them, times in seconds. */
  readonly tasks: any[]
  /** Images by `repository`. */
  readonly images: Map<string, any[]>
  /** What Security Hub holds, by id. */
  readonly hub: Map<string, any>
}

/** An account in which service web can pull `app:1`. */
export async function startPullAccount(): Promise<PullAccount> {
  const fake = await startPullingAccount()
  const image = { imageDigest: digest, imageTags: ['1'], imagePushedAt: seconds('2026-02-01T00:00:00Z') }
  const made: PullAccount = { fake, tasks: [], images: new Map([['app', [image]]]), hub: new Map() }
  const { services } = fake.state
  services.set('ecs:DescribeServices', (_, body) => describedServices(fake, body))
  services.set('ecs:ListTasks', (_, { serviceName, desiredStatus }) => ({
    taskArns: made.tasks
      .filter((one) => one.group === `service:${serviceName}` && one.desiredStatus === desiredStatus)
      .map(({ taskArn }) => taskArn),
  }))
  services.set('ecs:DescribeTasks', (_, body) => ({
    tasks: made.tasks.filter(({ taskArn }) => body.tasks.includes(taskArn)),
    failures: body.tasks
      .filter((arn: string) => !made.tasks.some(({ taskArn }) => taskArn === arn))
      .map((arn: string) => ({ arn, reason: 'MISSING' })),
  }))
  services.set('ecr:DescribeImages', (_, body) => describedImages(made, body))
  services.set('securityhub:GetFindings', (_, body) => findingsPage([...made.hub.values()], body))
  services.set('securityhub:BatchImportFindings', (_, body) => imported(made, body.Findings))
  return made
}

function describedServices({ state }: FakeAws, { cluster, services }: any) {
  const all = state.ecs.services.filter((one) => one.clusterArn === cluster)
  const isNamed = (one: any, name: string) => one.serviceArn === name || one.serviceName === name
  return {
    services: all.filter((one) => services.some((name: string) => isNamed(one, name))),
    failures: services
      .filter((name: string) => !all.some((one) => isNamed(one, name)))
      .map((arn: string) => ({ arn, reason: 'MISSING' })),
  }
}

function describedImages({ images, fake }: PullAccount, { repositoryName, imageIds }: any) {
  if (!fake.state.repositories.has(repositoryName)) throw new Refusal('RepositoryNotFoundException')
  const all = images.get(repositoryName) ?? []
  if (imageIds === undefined) return { imageDetails: all.map((one) => ({ repositoryName, ...one })) }
  const wanted = all.filter((one) => imageIds.some(({ imageDigest }: any) => imageDigest === one.imageDigest))
  if (wanted.length === 0) throw new Refusal('ImageNotFoundException')
  return { imageDetails: wanted.map((one) => ({ repositoryName, ...one })) }
}

/** An update is ignored unless it is newer than what is held. */
function imported({ hub }: PullAccount, findings: readonly any[]) {
  for (const one of findings) {
    const held = hub.get(one.Id)
    if (held === undefined || Date.parse(held.UpdatedAt) < Date.parse(one.UpdatedAt)) hub.set(one.Id, one)
  }
  return { SuccessCount: findings.length, FailedCount: 0, FailedFindings: [] }
}

/** Seconds since the epoch, as the wire has times. */
export function seconds(time: string): number {
  return Date.parse(time) / 1000
}

/** An event of test/fixtures/events with parts replaced. */
export function eventOf(name: string, detail: Record<string, unknown> = {}, more: Record<string, unknown> = {}): any {
  const golden = JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8'))
  return { ...golden, detail: { ...golden.detail, ...detail }, ...more }
}

const taskArn = (id: string) => `arn:aws:ecs:${region}:${account}:task/main/${id}`

/** What a task of service web stopped for, where, and when. */
export interface Stop {
  readonly id?: string
  readonly stoppedReason?: string
  readonly containerReason?: string
  readonly at?: string
  readonly group?: string
  readonly definition?: string
}

/** A task that stopped, as its event tells of it. */
export function stoppedEvent(stop: Stop): any {
  const { id = 'stopped1', at = '2026-03-01T11:00:00Z', group = 'service:web', definition = 'web:1' } = stop
  const { stoppedReason = 'Task failed to start', containerReason } = stop
  const { containers } = eventOf('ecs-task-stopped').detail
  return eventOf(
    'ecs-task-stopped',
    {
      taskArn: taskArn(id),
      taskDefinitionArn: `arn:aws:ecs:${region}:${account}:task-definition/${definition}`,
      group,
      stoppedReason,
      stoppedAt: at,
      containers: containers.map((one: any) => ({ ...one, ...(containerReason ? { reason: containerReason } : {}) })),
    },
    { time: at, resources: [taskArn(id)] },
  )
}

/** Lets ECS show the task of an event as well. */
export function show({ tasks }: PullAccount, event: any): any {
  const { detail } = event
  const stoppedAt = seconds(detail.stoppedAt)
  const containers = detail.containers.map(({ name, image, reason }: any) => ({ name, image, reason }))
  const { taskArn, taskDefinitionArn, group, lastStatus, desiredStatus, stoppedReason, attachments } = detail
  tasks.push({
    ...{ taskArn, taskDefinitionArn, group, lastStatus, desiredStatus, stoppedReason, attachments, containers },
    clusterArn,
    stoppedAt,
  })
  return event
}

/** A task of service web that runs, its images pulled at that time. */
export function runningTask(id: string, pulledAt: string, more: Record<string, unknown> = {}): any {
  return {
    taskArn: taskArn(id),
    clusterArn,
    taskDefinitionArn: `arn:aws:ecs:${region}:${account}:task-definition/web:1`,
    group: 'service:web',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    containers: [{ name: 'main', image: `${registry}/app:1`, imageDigest: digest }],
    attachments: [{ type: 'ElasticNetworkInterface', details: [{ name: 'subnetId', value: 'subnet-2' }] }],
    pullStoppedAt: seconds(pulledAt),
    startedAt: seconds(pulledAt) + 3,
    ...more,
  }
}

/** The event that service web is in the steady state. */
export function steadyEvent(time = '2026-03-01T11:10:00Z'): any {
  return eventOf('ecs-service-action', {}, { time })
}

/** Invokes the handler with real SDK clients at 2026-03-01T11:30Z. */
export async function invoke(
  { fake }: PullAccount,
  event: unknown,
  options: {
    readonly variables?: Record<string, string>
    readonly now?: string
    readonly hub?: Hub
    readonly foreign?: ForeignRepositories
    readonly tags?: ReadTags
    readonly count?: (name: string, value: number) => void
    readonly info?: (message: string, fields: Readonly<Record<string, unknown>>) => void
    readonly sleep?: (milliseconds: number) => Promise<void>
  } = {},
): Promise<void> {
  const shared = { region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 }
  const at = { ...shared, endpoint: fake.endpoint }
  const clients = {
    ...clientsAt(fake.endpoint, region),
    autoScaling: new AutoScalingClient(at),
    ec2: new EC2Client(at),
    route53: new Route53Client(at),
  }
  const log = () => ({ info: options.info ?? (() => undefined), warn: () => undefined })
  const patience = { sleep: options.sleep ?? (async () => undefined), random: () => 0 }
  const metrics = () => ({ count: options.count ?? (() => undefined), flush: () => undefined })
  const variables = () => options.variables ?? {}
  const publish = publisher({
    ...{ variables, log, ...patience },
    sqs: () => new SQSClient(at),
    securityHub: () => clients.securityHub,
  })
  const handler = createHandler({
    now: () => new Date(options.now ?? '2026-03-01T11:30:00.000Z'),
    load: async () =>
      workWith({
        ...{
          ...patience,
          clients: () => clients,
          publish,
          ruleIds,
          variables,
          log,
          metrics,
          foreign: () => options.foreign,
        },
        ...(options.hub === undefined ? {} : { hub: options.hub }),
        ...(options.tags === undefined ? {} : { tags: () => options.tags as ReadTags }),
      }),
  })
  await handler(event, { invokedFunctionArn: functionArn, getRemainingTimeInMillis: () => 60_000 })
}

/** What Security Hub holds: status, record state and the time of each finding. */
export const held = ({ hub }: PullAccount) =>
  [...hub.values()].map((one) => [one.Compliance.Status, one.RecordState, one.UpdatedAt])
/** Calls that were made to Security Hub to write. */
export const writes = ({ fake }: PullAccount) =>
  fake.calls.filter(({ service, body }) => service === 'securityhub' && body.Findings).length
