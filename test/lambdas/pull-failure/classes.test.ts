import { afterEach, beforeEach, expect, it } from 'vitest'
import { failureId } from '../../../lambdas/pull-failure/finding.ts'
import type { HopName } from '../../../shared/model/pull.ts'
import { pullPolicy, role } from '../config-rule/role-scenario.ts'
import { invoke, type PullAccount, registry, serviceArn, show, startPullAccount, stoppedEvent } from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
})
afterEach(() => account.fake.close())

const image = `${registry}/app:1`
const service = {
  type: 'AWS::ECS::Service',
  id: serviceArn,
  arn: serviceArn,
  accountId: '111122223333',
  region: 'eu-central-1',
}
const retried = 'CannotPullContainerError: pull image manifest has been retried 1 time(s)'

/** What is wrong in the account. */
const faults = {
  nothing: () => undefined,
  role: ({ fake }: PullAccount) => {
    fake.state.iam.roles.splice(0, 9, role('puller', pullPolicy('other')))
  },
  noRegistryEndpoint: ({ fake }: PullAccount) => without(fake.state.ec2.vpcEndpoints, 'vpce-ecr-dkr'),
  noApiEndpoint: ({ fake }: PullAccount) => without(fake.state.ec2.vpcEndpoints, 'vpce-ecr-api'),
  noLayerRoute: ({ fake }: PullAccount) => {
    without(fake.state.ec2.vpcEndpoints, 'vpce-s3')
    fake.state.ec2.routeTables[0].routeSet.splice(1, 1)
  },
  closedGroup: ({ fake }: PullAccount) => {
    fake.state.ec2.securityGroups.find(({ groupId }) => groupId === 'sg-endpoints').ipPermissions = []
  },
  noImage: ({ images }: PullAccount) => {
    images.set('app', [])
  },
}

function without(endpoints: { vpcEndpointId: string }[], id: string): void {
  endpoints.splice(
    endpoints.findIndex(({ vpcEndpointId }) => vpcEndpointId === id),
    1,
  )
}

type Class = readonly [name: string, text: string, fault: keyof typeof faults, hop: HopName, cause: string]

const proven: readonly Class[] = [
  [
    'permission',
    "CannotPullContainerError: The task can't pull the image. Check that the role has the permissions to pull images from the registry.",
    'role',
    'pull-actions',
    'pull-actions: ',
  ],
  [
    'network-ecr',
    `CannotPullContainerError: The task cannot pull '${image}' from the Amazon ECR repository '${registry}/app'. There is a connection issue between the task and Amazon ECR. Check your task network configuration.`,
    'noRegistryEndpoint',
    'ecr-dkr',
    'ecr-dkr: ',
  ],
  [
    'network',
    "CannotPullContainerError: The task can't pull the image. Check your network configuration",
    'noRegistryEndpoint',
    'ecr-dkr',
    'ecr-dkr: ',
  ],
  ['missing-image', `${retried}: failed to resolve ref ${image}: not found`, 'noImage', 'image-state', 'image-state: '],
  [
    'a private address that does not answer',
    `${retried}: failed to resolve ref ${image}: failed to do request: Head "https://${registry}/v2/app/manifests/1": dial tcp 10.0.1.15:443: i/o timeout`,
    'closedGroup',
    'security',
    'security: ',
  ],
  [
    'network-s3',
    'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReaderSeeker: failed open: failed to do request: Get "https://prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com/x": dial tcp 52.219.1.1:443: i/o timeout',
    'noLayerRoute',
    's3-layers',
    's3-layers: ',
  ],
  [
    'network-s3 that panics',
    'CannotPullContainerError: pull command failed: panic: runtime error: invalid memory address or nil pointer dereference',
    'noLayerRoute',
    's3-layers',
    's3-layers: ',
  ],
  [
    'no way to the registry',
    `CannotPullContainerError: API error (500): Get https://${registry}/v2/: net/http: request canceled while waiting for connection`,
    'noRegistryEndpoint',
    'ecr-dkr',
    'ecr-dkr: ',
  ],
  [
    'the token call that times out',
    'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.eu-central-1.amazonaws.com/": dial tcp 44.213.79.104:443: i/o timeout.',
    'noApiEndpoint',
    'ecr-api',
    'ecr-api: ',
  ],
]

it.each(proven)(
  '%s: the finding names the cause in the configuration, with proof and fix',
  async (_, text, fault, hop, cause) => {
    faults[fault](account)
    await invoke(account, show(account, stoppedEvent({ stoppedReason: text })))
    const [finding, ...more] = [...account.hub.values()]
    expect(more).toEqual([])
    expect(finding.Id).toBe(`pullpath/${failureId(hop, service)}`)
    expect(finding.Compliance.Status).toBe('FAILED')
    expect(finding.Description).toContain(`service web cannot pull ${image}: ${cause}`)
    expect(finding.Description).toContain('The error says the same: ')
    expect(finding.ProductFields['pullpath/evidence/1']).toMatch(/^error that ECS shows: /)
    expect(Object.values(finding.ProductFields).join('\n')).toContain(`hop ${hop}: `)
    expect(finding.Remediation.Recommendation.Text).not.toBe('Nothing has to be done.')
    expect(finding.Resources[0].Id).toBe(serviceArn)
  },
)

const beyond: readonly (readonly [string, string, HopName, string])[] = [
  [
    'platform',
    `${retried}: image Manifest does not contain descriptor matching platform 'linux/amd64'`,
    'image-state',
    'the image was not built for the processor',
  ],
  [
    'rate-limit',
    'CannotPullContainerError: inspect image has been retried 5 time(s): toomanyrequests: You have reached your pull rate limit',
    'ancillary',
    'Docker Hub limits the rate of pulls',
  ],
  [
    'disk',
    'CannotPullContainerError: failed to register layer: no space left on device',
    'ancillary',
    'the disk of the node',
  ],
  [
    'a secret that may not be read',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret(s) from asm: service call has been retried 1 time(s): Fetching secret data from AWS Secrets Manager in region eu-central-1: secret arn: AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue',
    'ancillary',
    'the execution role may not read a secret',
  ],
  [
    'a log group that is missing',
    'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    'ancillary',
    'the log group of the task definition does not exist',
  ],
  [
    'an error nobody knows',
    'CannotPullContainerError: gremlins',
    'image',
    'the pull failed in a way that is not known here',
  ],
]

it.each(beyond)(
  '%s: no configuration shows the cause, and the finding says so instead of passing',
  async (_, text, hop, meaning) => {
    await invoke(account, show(account, stoppedEvent({ stoppedReason: text })))
    const [finding] = [...account.hub.values()]
    expect(finding.Id).toBe(`pullpath/${failureId(hop, service)}`)
    expect(finding.Compliance.Status).toBe('WARNING')
    expect(finding.Description).toContain(meaning)
    expect(finding.Description).toContain(`lets it pull ${image}: it was mended since`)
    expect(finding.Remediation.Recommendation.Text).toMatch(/^Check /)
  },
)

it('the reason of a container counts like that of the task', async () => {
  faults.noImage(account)
  const containerReason = `${retried}: failed to resolve ref ${image}: not found`
  await invoke(
    account,
    show(account, stoppedEvent({ stoppedReason: 'Essential container in task exited', containerReason })),
  )
  expect([...account.hub.values()].map((one) => one.Compliance.Status)).toEqual(['FAILED'])
})

it('an error whose hop is proven to work says that the two disagree', async () => {
  const text = `${retried}: failed to resolve ref ${image}: not found`
  const counted: unknown[] = []
  const count = (...one: unknown[]) => void counted.push(one)
  await invoke(account, show(account, stoppedEvent({ stoppedReason: text })), { count })
  expect(counted).toEqual([['Undetermined', 1]])
  const [finding] = [...account.hub.values()]
  expect(finding.Compliance.Status).toBe('WARNING')
  expect(finding.Description).toMatch(/^The error and the configuration of service web disagree\./)
})

it('a cause the error does not speak of is named beside what the error says', async () => {
  faults.role(account)
  const text = `${retried}: failed to resolve ref ${image}: not found`
  await invoke(account, show(account, stoppedEvent({ stoppedReason: text })))
  const [finding] = [...account.hub.values()]
  expect(finding.Id).toBe(`pullpath/${failureId('image-state', service)}`)
  expect(finding.Description).toContain(`cannot pull ${image}: pull-actions: `)
  expect(finding.Description).toContain('which the configuration does not show')
})

it.each([
  ['exited by itself', 'Essential container in task exited'],
  ['was scaled in', 'Scaling activity initiated by (deployment ecs-svc/1)'],
  [
    'could not mount a file system',
    'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes',
  ],
])('a task that %s takes no call and writes nothing', async (_, stoppedReason) => {
  await invoke(account, show(account, stoppedEvent({ stoppedReason })))
  expect(account.fake.calls).toEqual([])
})

it.each([
  ['ec2:DescribeVpcEndpoints', 'DescribeVpcEndpoints', 'UnauthorizedOperation'],
  ['iam:GetRole', 'GetRole', 'AccessDenied'],
  ['ecs:DescribeServices', 'DescribeServices', 'AccessDeniedException'],
  ['ecs:DescribeTaskDefinition', 'DescribeTaskDefinition', 'AccessDeniedException'],
])('without %s the finding is a warning that names it', async (action, denied, error) => {
  account.fake.state.plan = (operation) => (operation === denied ? { error, status: 403 } : undefined)
  await invoke(account, show(account, stoppedEvent({ stoppedReason: 'CannotPullContainerError: gremlins' })))
  const [finding] = [...account.hub.values()]
  expect(finding.Compliance.Status).toBe('WARNING')
  expect(finding.Description).toContain(`${action} failed with ${error}`)
})

it.each(['DescribeTasks', 'DescribeServices', 'DescribeVpcEndpoints', 'GetRole'])(
  'while %s is throttled nothing is written and the event is tried again',
  async (throttled) => {
    account.fake.state.plan = (operation) => (operation === throttled ? { error: 'Throttling' } : undefined)
    const event = show(account, stoppedEvent({ stoppedReason: 'CannotPullContainerError: gremlins' }))
    await expect(invoke(account, event)).rejects.toThrow('failed with Throttling')
    expect(account.hub.size).toBe(0)
  },
)

it('tasks that no service runs have one finding for their family, whatever revision and task failed', async () => {
  faults.noImage(account)
  const text = `${retried}: failed to resolve ref ${image}: not found`
  const run = (id: string, at: string) => stoppedEvent({ id, at, stoppedReason: text, group: 'family:web' })
  await invoke(account, show(account, run('a', '2026-03-01T11:00:00Z')))
  await invoke(account, show(account, run('b', '2026-03-01T11:05:00Z')))
  expect([...account.hub.values()].map((one) => [one.Resources[0].Id, one.Compliance.Status, one.UpdatedAt])).toEqual([
    ['arn:aws:ecs:eu-central-1:111122223333:task-definition/web', 'FAILED', '2026-03-01T11:05:00.000Z'],
  ])
})
