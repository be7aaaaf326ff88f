import { type Area, roleNames, ruleOf, type Truth } from './estate.ts'
import { region } from './sandbox.ts'

const iso = (time: number) => new Date(time).toISOString()

/** What AWS Config sends the function of an area; `inner` becomes its `invokingEvent`. */
function configEvent(area: Area, accountId: string, inner: object): Record<string, unknown> {
  const { id } = ruleOf[area]
  return {
    ...{ version: '1.0', accountId, eventLeftScope: false, evaluationMode: 'DETECTIVE' },
    invokingEvent: JSON.stringify(inner),
    ruleParameters: JSON.stringify({ ruleId: id }),
    resultToken: `token of pullpath-${id}`,
    executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/config-rule-${area}`,
    configRuleName: `pullpath-${id}`,
    configRuleId: `config-rule-${area}`,
  }
}

/** The daily notification; time in milliseconds. */
export function sweepEvent(area: Area, accountId: string, time: number): Record<string, unknown> {
  return configEvent(area, accountId, {
    ...{ awsAccountId: accountId, notificationCreationTime: iso(time) },
    ...{ messageType: 'ScheduledNotification', recordVersion: '1.0' },
  })
}

/** The notification that a resource has changed, or is gone; time of capture in milliseconds. */
export function changeEvent(area: Area, accountId: string, truth: Truth, time: number): Record<string, unknown> {
  const { type, id, name, compliance } = truth
  const isGlobal = type === 'AWS::IAM::Role'
  return configEvent(area, accountId, {
    configurationItem: {
      ...{ relatedEvents: [], relationships: [], configuration: compliance === undefined ? null : {}, tags: {} },
      ...{ supplementaryConfiguration: {}, configurationItemVersion: '1.3' },
      ...{ configurationItemCaptureTime: iso(time), configurationStateId: time, awsAccountId: accountId },
      configurationItemStatus: compliance === undefined ? 'ResourceDeleted' : 'OK',
      ...{ resourceType: type, resourceId: id, resourceName: name, ARN: arnOf(truth, accountId) },
      ...{ awsRegion: isGlobal ? 'global' : region, availabilityZone: isGlobal ? 'Not Applicable' : 'Regional' },
    },
    ...{ configurationItemDiff: null, notificationCreationTime: iso(time + 5_000) },
    ...{ messageType: 'ConfigurationItemChangeNotification', recordVersion: '1.3' },
  })
}

/** The ARN of a judged resource. */
export function arnOf({ type, name }: Truth, accountId: string): string {
  if (type === 'AWS::ECR::Repository') return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
  if (type === 'AWS::IAM::Role') return `arn:aws:iam::${accountId}:role/${name}`
  if (type === 'AWS::ECS::Service') return `arn:aws:ecs:${region}:${accountId}:service/main/${name}`
  return `arn:aws:ec2:${region}:${accountId}:vpc/${name}`
}

/** What EventBridge tells of the call that changed it; time in milliseconds. */
export function callEvent(area: Area, accountId: string, { name }: Truth, time: number): Record<string, unknown> {
  const calls = {
    ecr: ['ecr', 'SetRepositoryPolicy', { repositoryName: name }],
    role: roleCall(accountId, name),
    vpc: ['ec2', 'ModifyVpcAttribute', { vpcId: name }],
    image: ['ecs', 'UpdateService', { cluster: 'main', service: name }],
  } as const
  const [service, eventName, requestParameters] = calls[area]
  // CloudTrail tells of the calls of IAM in one region. For one of the roles it is this one, for the other it is not.
  const awsRegion = eventName === 'PutRolePolicy' ? 'us-east-1' : region
  return cloudTrailEvent(accountId, { service, eventName, requestParameters, awsRegion }, time)
}

/** What EventBridge tells of a call in a network that does not say in which; time in milliseconds. */
export function placelessCall(accountId: string, time: number): Record<string, unknown> {
  const requestParameters = { associationId: 'rtbassoc-1' }
  return cloudTrailEvent(
    accountId,
    { service: 'ec2', eventName: 'DisassociateRouteTable', requestParameters, awsRegion: region },
    time,
  )
}

interface Call {
  readonly service: string
  readonly eventName: string
  readonly requestParameters: object
  readonly awsRegion: string
}

function cloudTrailEvent(accountId: string, { service, ...call }: Call, time: number): Record<string, unknown> {
  return {
    ...{ version: '0', id: '00000000-0000-0000-0000-000000000000', resources: [], account: accountId },
    ...{ 'detail-type': 'AWS API Call via CloudTrail', source: `aws.${service}` },
    ...{ region: call.awsRegion, time: iso(time) },
    detail: {
      ...{ eventVersion: '1.10', eventTime: iso(time), eventType: 'AwsApiCall', readOnly: false },
      ...{ eventSource: `${service}.amazonaws.com`, recipientAccountId: accountId, ...call, responseElements: null },
    },
  }
}

/** The policy of role `puller` is a managed one. */
const roleCall = (accountId: string, name: string) =>
  name === roleNames[0]
    ? ([
        'iam',
        'CreatePolicyVersion',
        { policyArn: `arn:aws:iam::${accountId}:policy/${name}`, setAsDefault: true },
      ] as const)
    : (['iam', 'PutRolePolicy', { roleName: name, policyName: 'inline' }] as const)

const clusterOf = (accountId: string) => `arn:aws:ecs:${region}:${accountId}:cluster/main`
const taskArnOf = (accountId: string, time: number) => `arn:aws:ecs:${region}:${accountId}:task/main/${time}`
const taskOf = (accountId: string, time: number) => ({
  ...{ taskArn: taskArnOf(accountId, time), clusterArn: clusterOf(accountId), group: 'service:web' },
  taskDefinitionArn: `arn:aws:ecs:${region}:${accountId}:task-definition/web:1`,
  attachments: [{ type: 'eni', details: [{ name: 'subnetId', value: 'subnet-1' }] }],
})
const imageOf = (accountId: string) => `${accountId}.dkr.ecr.${region}.amazonaws.com/app:1`

/** A task of service web that could not pull, as ECS shows it; time in milliseconds. */
export function failedTask(accountId: string, time: number) {
  return {
    ...{ ...taskOf(accountId, time), lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: time / 1000 },
    containers: [{ name: 'main', image: imageOf(accountId) }],
    stoppedReason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${imageOf(accountId)}: not found`,
  }
}

/** A task of service web that runs, its image pulled at that time. */
export function runningTask(accountId: string, time: number) {
  const imageDigest = `sha256:${'a'.repeat(64)}`
  return {
    ...{ ...taskOf(accountId, time), lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
    containers: [{ name: 'main', image: imageOf(accountId), imageDigest }],
    ...{ pullStoppedAt: time / 1000, startedAt: time / 1000 + 3 },
  }
}

function ecsEvent(accountId: string, time: number, detailType: string, about: string, detail: object) {
  return {
    ...{ version: '0', id: 'af3c496d-f4a8-65d1-70f4-000000000002', 'detail-type': detailType, source: 'aws.ecs' },
    ...{ account: accountId, time: iso(time), region, resources: [about], detail },
  }
}

/** What EventBridge tells of a task that stopped. */
export function stoppedEvent(accountId: string, task: ReturnType<typeof failedTask>): Record<string, unknown> {
  const time = task.stoppedAt * 1000
  const detail = { ...task, stoppedAt: iso(time), updatedAt: iso(time), stopCode: 'TaskFailedToStart' }
  return ecsEvent(accountId, time, 'ECS Task State Change', task.taskArn, detail)
}

/** What EventBridge tells of a service that has all the tasks it should have. */
export function steadyEvent(accountId: string, time: number): Record<string, unknown> {
  const about = `arn:aws:ecs:${region}:${accountId}:service/main/web`
  const detail = {
    eventType: 'INFO',
    eventName: 'SERVICE_STEADY_STATE',
    clusterArn: clusterOf(accountId),
    createdAt: iso(time),
  }
  return ecsEvent(accountId, time, 'ECS Service Action', about, detail)
}
