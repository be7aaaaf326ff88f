import { createHandler } from '../../lambdas/config-rule/create-handler.ts'
import { ecrSource } from '../../shared/live/sources/ecr.ts'
import { ecrRules } from '../../shared/rules/ecr-rules.ts'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import { emptyWorld, serve } from '../../test/support/fake-aws/fake-aws.ts'
import { clientOf } from '../../test/support/fake-aws/in-process.ts'

const accountId = '111122223333'
const region = 'eu-central-1'
const repositories = 50
const warmUp = 200
const events = 1_000

/** CPU milliseconds per event. */
export interface ChangeTimes {
  /** The handler, the fake's answers included. */
  readonly warm: number
  /** The same for a change that was handed on, by the same rule: it is published and not recorded. */
  readonly handed: number
  /** The fake's answers alone. */
  readonly answers: number
  /** JSON.parse of the event and of what it holds. */
  readonly parsing: number
}

/** A policy of twenty statements, as long-lived repositories have them. */
function policyOf(index: number): string {
  const Statement = Array.from({ length: 20 }, (_, n) => ({
    Sid: `Team${n}`,
    Effect: 'Allow',
    Principal: { AWS: [`arn:aws:iam::${222233334444 + n}:role/puller-${index}`, `arn:aws:iam::${accountId}:root`] },
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

function changeOf(name: string): Record<string, unknown> {
  const configurationItem = {
    ...{ configurationItemVersion: '1.3', configurationItemCaptureTime: '2026-03-01T10:00:00.000Z' },
    ...{ configurationItemStatus: 'OK', awsAccountId: accountId, awsRegion: region, tags: {}, relationships: [] },
    ...{ resourceType: 'AWS::ECR::Repository', resourceId: name, resourceName: name },
    ARN: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
    configuration: { RepositoryName: name, RepositoryPolicyText: JSON.parse(policyOf(0)) },
    supplementaryConfiguration: {},
  }
  const invokingEvent = JSON.stringify({
    ...{ configurationItem, notificationCreationTime: '2026-03-01T10:00:05.000Z', recordVersion: '1.3' },
    messageType: 'ConfigurationItemChangeNotification',
  })
  return {
    ...{ version: '1.0', invokingEvent, resultToken: 'token-1', eventLeftScope: false, accountId },
    ruleParameters: JSON.stringify({ ruleId: 'ecr-repository-not-public' }),
    configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/config-rule-bench`,
    configRuleName: 'pullpath-ecr-repository-not-public',
  }
}

/** The call that made the same change, as CloudTrail recorded it and resource-change hands it on. */
function callOn(name: string): Record<string, unknown> {
  const time = '2026-03-01T10:00:00Z'
  return {
    ...{ version: '0', id: '0', time, account: accountId, region, resources: [] },
    ...{ source: 'aws.ecr', 'detail-type': 'AWS API Call via CloudTrail' },
    detail: {
      ...{ eventSource: 'ecr.amazonaws.com', eventName: 'SetRepositoryPolicy', awsRegion: region },
      ...{ recipientAccountId: accountId, requestParameters: { repositoryName: name }, responseElements: null },
    },
  }
}

/** Time of the ECR auditor per change of a repository whose policy it has seen before; the calls are answered in the process. */
export async function timeChanges(): Promise<ChangeTimes> {
  const world = emptyWorld(accountId, region)
  const names = Array.from({ length: repositories }, (_, n) => `team/app-${n}`)
  for (const [index, name] of names.entries()) world.state.repositories.set(name, policyOf(index))
  let stored = 0
  // The clients of this process write times otherwise than the wire has them: that check is the test suite's.
  world.state.services.set('config:PutEvaluations', (_operation, { Evaluations }) => {
    stored += Evaluations.length
    return { FailedEvaluations: [] }
  })
  // Nothing is shown, so every verdict is put: the longer of the two ways.
  world.state.services.set('config:GetComplianceDetailsByResource', () => ({ EvaluationResults: [] }))
  const calls: (readonly [string, string, unknown])[] = []
  const client = <C>(service: string) =>
    clientOf<C>((operation, body) => {
      // Only those of one event are kept, to be answered again.
      calls.push([service, operation, body])
      return serve(world, { service, operation, body })
    })
  const clients = {
    ...{ config: client('config'), ecr: client('ecr'), securityHub: client('securityhub') },
  } as AwsClients
  const handler = createHandler({
    rules: ecrRules,
    ruleIds: ecrRules.map(({ id }) => id),
    sources: () => [ecrSource(clients.ecr)],
    clients: () => clients,
    sqs: () => client('sqs'),
    metrics: () => ({ count: () => undefined, flush: () => undefined }),
    variables: () => ({ PULLPATH_ORGANIZATION_ID: 'o-a1b2c3d4e5', PULLPATH_RULES: 'ecr-repository-not-public' }),
    log: () => ({ info: () => undefined, warn: () => undefined }),
    now: () => new Date('2026-03-01T10:01:00.000Z'),
    sleep: async () => undefined,
    random: () => 0,
  })
  const context = {
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:pullpath-ecr-policy-auditor`,
    getRemainingTimeInMillis: () => 60_000,
  }
  const changes = names.map(changeOf)
  const calledOn = names.map(callOn)
  const each = async (
    count: number,
    work: (change: Record<string, unknown>) => unknown,
    told: readonly Record<string, unknown>[] = changes,
  ) => {
    const before = process.cpuUsage()
    for (let n = 0; n < count; n++) await work(told[n % told.length] ?? {})
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 / count
  }
  const handle = async (change: Record<string, unknown>) => {
    calls.length = 0
    await handler(change, context)
  }
  await each(warmUp, handle)
  const warm = await each(events, handle)
  if (stored !== warmUp + events) throw new Error('an event was not judged')
  const asked = [...calls]
  const answers = await each(events, () => answerAgain(world, asked))
  const parsing = await each(events, (change) => parsed(JSON.stringify(change)))
  const recorded = stored
  await each(warmUp, handle, calledOn)
  const handed = await each(events, handle, calledOn)
  if (stored !== recorded) throw new Error('a change that was handed on was recorded')
  return { warm, handed, answers, parsing }
}

/** What the in-process clients did for one event. */
async function answerAgain(world: Parameters<typeof serve>[0], asked: readonly (readonly [string, string, unknown])[]) {
  for (const [service, operation, input] of asked) {
    const client = clientOf<{ send(command: object): Promise<unknown> }>((name, body) =>
      serve(world, { service, operation: name, body }),
    )
    const command = { constructor: { name: `${operation}Command` }, input }
    await client.send(command).catch(() => undefined)
  }
}

function parsed(text: string): unknown {
  const event = JSON.parse(text)
  return JSON.parse(event.invokingEvent)
}
