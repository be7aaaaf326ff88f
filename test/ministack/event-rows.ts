import { serviceChange } from '../lambdas/config-rule/image-scenario.ts'
import { startPullingAccount } from '../lambdas/config-rule/vpc-scenario.ts'
import { bodyOf, eventOf } from '../lambdas/finding-publisher/scenario.ts'
import { setMembers } from '../lambdas/organization/scenario.ts'
import { registry, serviceArn, show, startPullAccount, stoppedEvent } from '../lambdas/pull-failure/scenario.ts'
import { callEvent } from '../lambdas/resource-change/scenario.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { fakeOrganization, organizationsService } from '../support/fake-aws/organizations.ts'
import { startFakeS3 } from '../support/fake-aws/s3.ts'
import { openRepository, publicRule } from './config-rows.ts'
import { accountId, region } from './mini-stack.ts'
import { ago, type FunctionRow, foreign, inAccount, repositoryArn, type Stage } from './stage.ts'

const webArn = `arn:aws:ecs:${region}:${accountId}:service/main/web`

const publishing: FunctionRow = {
  title: 'a batch of findings with a poison message',
  functionName: 'pullpath-finding-publisher',
  entry: 'lambdas/finding-publisher/handler.ts',
  stage: async () => {
    const write = ['Security Hub', 'pullpath/some-rule', repositoryArn('app'), 'FAILED', 'ACTIVE']
    return inAccount(await startFakeAws(accountId, region), {
      event: eventOf([bodyOf('a', {}, ago(60)), 'poison', bodyOf('b', {}, ago(60))]),
      writes: [write, write],
      answer: { batchItemFailures: [{ itemIdentifier: 'm1' }] },
      refused: { event: {}, message: 'event.Records: expected a list' },
    })
  },
}

/** A change of the open repository's policy, as CloudTrail recorded it a minute ago. */
function policyChange() {
  const time = ago(60)
  const told = { event: { time }, detail: { eventTime: time } }
  return callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'team/app', policyText: '{}' }, told)
}

const resourceChange: FunctionRow = {
  title: 'a call that CloudTrail recorded',
  functionName: 'pullpath-resource-change',
  entry: 'lambdas/resource-change/handler.ts',
  variables: { PULLPATH_RULES: publicRule },
  isFromBus: true,
  stage: async () => {
    const event = policyChange()
    const fake = await openRepository()
    fake.state.plan = (operation) => (operation === 'Invoke' ? { text: '', status: 202 } : undefined)
    return inAccount(fake, {
      event,
      writes: [['Lambda', 'pullpath-ecr-policy-auditor', 'SetRepositoryPolicy']],
      refused: { event: { ...event, account: foreign }, message: 'account' },
    })
  },
}

const handedOn: FunctionRow = {
  title: 'a call that was handed on',
  functionName: 'pullpath-ecr-policy-auditor',
  entry: 'lambdas/config-rule/ecr-handler.ts',
  variables: { PULLPATH_RULES: publicRule },
  stage: async () => {
    const event = policyChange()
    return inAccount(await openRepository(), {
      event,
      writes: [['Security Hub', `pullpath/${publicRule}`, repositoryArn('team/app'), 'FAILED', 'ACTIVE']],
      refused: { event: { ...event, account: foreign }, message: 'account' },
    })
  },
}

const existsRule = 'image-repository-exists'

/** An account with a service whose image is in no repository. */
export async function lostImage(): Promise<FakeAws> {
  const fake = await startPullingAccount()
  fake.state.repositories.delete('app')
  return fake
}

const images = {
  functionName: 'pullpath-pull-failure',
  entry: 'lambdas/pull-failure/handler.ts',
  variables: { PULLPATH_RULES: existsRule },
}
const lostImageFinding = ['Security Hub', `pullpath/${existsRule}`, webArn, 'FAILED', 'ACTIVE']

const imageHandedOn: FunctionRow = {
  ...images,
  title: 'a change of a service that was handed on',
  stage: async () => {
    const time = ago(60)
    const response = { service: { serviceArn: webArn } }
    const told = { event: { time }, detail: { eventTime: time }, response }
    const event = callEvent('ecs', 'UpdateService', { service: 'web' }, told)
    return inAccount(await lostImage(), {
      event,
      writes: [lostImageFinding],
      refused: { event: { ...event, account: foreign }, message: 'account' },
    })
  },
}

const serviceOfConfig: FunctionRow = {
  ...images,
  title: 'a change of a service that AWS Config tells of',
  stage: async () => {
    const event = serviceChange(existsRule, 'web', { configurationItemCaptureTime: ago(60) })
    return inAccount(await lostImage(), {
      event,
      writes: [['Config', 'token-1', 'AWS::ECS::Service', webArn, 'NON_COMPLIANT'], lostImageFinding],
      refused: { event: { ...event, accountId: foreign }, message: 'expected the account of this function' },
    })
  },
}

const missingImage = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`

const pullFailure: FunctionRow = {
  title: 'a task that could not pull its image',
  functionName: 'pullpath-pull-failure',
  entry: 'lambdas/pull-failure/handler.ts',
  isFromBus: true,
  stage: async () => {
    const account = await startPullAccount()
    account.images.set('app', [])
    const event = show(account, stoppedEvent({ stoppedReason: missingImage, at: ago(60) }))
    return inAccount(account.fake, {
      event,
      writes: [['Security Hub', 'pullpath/pull-failure', serviceArn, 'FAILED', 'ACTIVE']],
      refused: {
        event: { ...event, account: foreign },
        message: 'event.account: expected the account of this function',
      },
    })
  },
}

const bucket = 'hub-bucket'

/** The hub of an organization of four accounts, which publishes what its members need. */
async function organizationStage(): Promise<Stage> {
  const [aws, s3] = await Promise.all([startFakeAws(accountId, region), startFakeS3(bucket, accountId)])
  // Only whoever may list hears that there are no settings yet.
  s3.mayList = true
  const organization = fakeOrganization(accountId)
  setMembers(organization, 3)
  aws.state.services.set('organizations', organizationsService(organization))
  const regionInfo = [{ regionName: region, optInStatus: 'opt-in-not-required' }]
  aws.state.services.set('ec2:DescribeRegions', () => ({ regionInfo }))
  s3.mayList = true
  const settle = (text: string) => s3.put('source/settings.yaml', text)
  settle('rules: {}\n')
  return {
    environment: { AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_S3: s3.endpoint },
    event: { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
    writes: [
      ['S3', 'PutObject organization.json'],
      ['S3', 'PutObject settings.json'],
      ['S3', 'PutObject settings.yaml'],
    ],
    // What is published already is not written again.
    again: [],
    refused: {
      event: {},
      message: 'not published: Settings',
      cause: () => settle('rules: 7\n'),
      mend: () => settle('rules: {}\n'),
    },
    // S3 is written to in its own protocol.
    bodies: () => [],
    written: () => s3.calls.filter((call) => call.startsWith('PutObject')).map((call) => ['S3', call]),
    forget: () => {
      s3.calls.length = 0
    },
    close: () => Promise.all([aws.close(), s3.close()]),
  }
}

const organization: FunctionRow = {
  title: 'its schedule',
  functionName: 'pullpath-organization',
  entry: 'lambdas/organization/handler.ts',
  variables: { PULLPATH_HUB_BUCKET: bucket },
  isFromBus: true,
  stage: organizationStage,
}

/** The functions that EventBridge and the queue of findings invoke. */
export const eventRows: readonly FunctionRow[] = [
  ...[publishing, resourceChange, pullFailure, organization],
  ...[handedOn, imageHandedOn, serviceOfConfig],
]
