import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditors } from '../../infra/config.ts'
import { eventRulesOf } from '../../infra/derive/event-patterns.ts'
import { rules } from '../../shared/rules/index.ts'
import { bodyOf } from '../lambdas/finding-publisher/scenario.ts'
import { publicRule } from './config-rows.ts'
import { asked, createFunction, reconfigure } from './function.ts'
import { accountId, type MiniStack, region, startMiniStack } from './mini-stack.ts'
import { functionRows, rowOf } from './rows.ts'
import { repositoryArn, type Stage } from './stage.ts'
import { untilWritten } from './until-written.ts'

let stack: MiniStack
let stage: Stage
beforeAll(async () => {
  stack = await startMiniStack()
})
afterAll(() => stack.stop())
afterEach(() => stage.close())

const functionArn = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`
const events = (operation: string, body: object) => stack.call('events', `AWSEvents.${operation}`, body)
const queues = (operation: string, body: object) => stack.call('sqs', `AmazonSQS.${operation}`, body)

/**
 * A rule that leads events to the function. Nobody but AWS may put events whose source begins with `aws.`: they travel inside an
 * event of ours, and the target takes them out.
 */
async function lead(name: string): Promise<void> {
  await events('PutRule', { Name: name, EventPattern: JSON.stringify({ source: ['carrier'], 'detail-type': [name] }) })
  await events('PutTargets', {
    Rule: name,
    Targets: [{ Id: 'function', Arn: functionArn(name), InputPath: '$.detail' }],
  })
  await asked(stack, 'POST', `/2015-03-31/functions/${name}/policy`, {
    StatementId: 'events',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  })
}

async function put(name: string, event: unknown): Promise<void> {
  const Entries = [{ Source: 'carrier', DetailType: name, Detail: JSON.stringify(event) }]
  expect(await events('PutEvents', { Entries })).toMatchObject({ FailedEntryCount: 0 })
}

describe.each(functionRows.filter(({ isFromBus }) => isFromBus))('$title for $functionName', (row) => {
  const { entry, variables = {} } = row
  // A function of its own for each row.
  const name = `${row.functionName}-${functionRows.indexOf(row)}`

  it('arrives through a rule of EventBridge, and what does not match does not', async () => {
    stage = await row.stage()
    await createFunction(stack, name, entry, { ...variables, ...stage.environment })
    await lead(name)
    await put('another', stage.event)
    await put(name, stage.event)
    expect(await untilWritten(stage, stage.writes.length)).toEqual(stage.writes)
    expect(stack.coldStarts(name)).toBe(1)
  })
})

describe('the patterns of resource-change', () => {
  const patterns = eventRulesOf(rules).map(({ pattern }) => JSON.stringify(pattern))
  async function matching(event: object): Promise<number> {
    const answers = await Promise.all(
      patterns.map((EventPattern) => events('TestEventPattern', { EventPattern, Event: JSON.stringify(event) })),
    )
    return answers.filter(({ Result }) => Result).length
  }

  it('match a call that changed something once, and a failed call never', async () => {
    stage = await rowOf('pullpath-resource-change').stage()
    const event = stage.event as { readonly detail: object }
    expect(await matching(event)).toBe(1)
    expect(await matching({ ...event, detail: { ...event.detail, errorCode: 'AccessDenied' } })).toBe(0)
    expect(await matching({ ...event, detail: { ...event.detail, eventName: 'DescribeRepositories' } })).toBe(0)
  })
})

describe('findings in the queue', () => {
  const name = 'pullpath-finding-publisher'
  let queueUrl: string
  let deadLettersUrl: string
  beforeAll(async () => {
    const row = rowOf(name)
    await createFunction(stack, name, row.entry, {})
    deadLettersUrl = (await queues('CreateQueue', { QueueName: 'dead-letters' })).QueueUrl
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead-letters'), maxReceiveCount: 2 })
    const Attributes = { VisibilityTimeout: '1', RedrivePolicy }
    queueUrl = (await queues('CreateQueue', { QueueName: 'findings', Attributes })).QueueUrl
    await asked(stack, 'POST', '/2015-03-31/event-source-mappings', {
      EventSourceArn: queueArn('findings'),
      FunctionName: name,
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
  })
  beforeEach(async () => {
    stage = await rowOf(name).stage()
    await reconfigure(stack, name, { ...stage.environment })
  })

  const queueArn = (queue: string) => `arn:aws:sqs:${region}:${accountId}:${queue}`
  /** How many messages the queue has, seen or not. */
  async function lengthOf(url: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    const { Attributes } = await queues('GetQueueAttributes', { QueueUrl: url, AttributeNames: names })
    return names.reduce((sum, one) => sum + Number(Attributes[one]), 0)
  }
  async function untilEmpty(): Promise<void> {
    for (let waited = 0; waited < 30_000 && (await lengthOf(queueUrl)) > 0; waited += 100) await sleep(100)
  }

  it('are published, and a poison message ends in the dead-letter queue alone', async () => {
    const time = new Date(Date.now() - 60_000).toISOString()
    const bodies = [bodyOf('a', {}, time), 'poison', bodyOf('b', {}, time)]
    const Entries = bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody }))
    await queues('SendMessageBatch', { QueueUrl: queueUrl, Entries })
    expect(await untilWritten(stage, 2)).toEqual(stage.writes)
    await untilEmpty()
    const { Messages } = await queues('ReceiveMessage', { QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10 })
    expect(Messages.map(({ Body }: { Body: string }) => Body)).toEqual(['poison'])
  })

  it('come from a call that CloudTrail recorded: event, function, function, queue, function, Security Hub', async () => {
    const row = rowOf('pullpath-resource-change')
    const account = await row.stage()
    const environment = { ...row.variables, ...account.environment }
    const { functionName, entry } = auditors.ecr
    await createFunction(stack, functionName, entry, {
      ...environment,
      ...{ AWS_ENDPOINT_URL_SQS: stack.endpoint, PULLPATH_FINDINGS_QUEUE_URL: queueUrl },
    })
    await createFunction(stack, 'handing-on', row.entry, { ...environment, AWS_ENDPOINT_URL_LAMBDA: stack.endpoint })
    await lead('handing-on')
    await put('handing-on', account.event)
    const finding = ['Security Hub', `pullpath/${publicRule}`, repositoryArn('team/app'), 'FAILED', 'ACTIVE']
    expect(await untilWritten(stage, 1)).toEqual([finding])
    // Nobody else was told: the finding came through the queue.
    expect(account.written()).toEqual([])
    await account.close()
  })
})
