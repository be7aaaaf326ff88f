import { CreateTagsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2'
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type JsonObject, ownString } from '../../shared/model/json.ts'
import { listVpcs } from '../../shared/sources/ec2/vpcs.ts'
import { listRepositories } from '../../shared/sources/ecr/repositories.ts'
import { listCurrentTaskDefinitions } from '../../shared/sources/ecs/task-definitions.ts'
import { joinReadings } from '../../shared/sources/reading.ts'
import { withTags } from '../../shared/sources/tags/with-tags.ts'
import { type Moto, startMoto } from './moto-server.ts'

const region = 'eu-central-1'
const accountId = '111122223333'
const base = { accountId, region, readAt: '2026-03-01T12:00:00.000Z' }
const ecsArn = `arn:aws:ecs:${region}:${accountId}`

let moto: Moto
let ec2: EC2Client
let ecr: ECRClient
let ecs: ECSClient
let tagging: ResourceGroupsTaggingAPIClient

beforeAll(async () => {
  moto = await startMoto()
  const shared = { region, endpoint: moto.endpoint, maxAttempts: 1 }
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const assumed = await new STSClient({ ...shared, credentials: root }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/auditor`, RoleSessionName: 'run' }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  ec2 = new EC2Client({ ...shared, credentials })
  ecr = new ECRClient({ ...shared, credentials })
  ecs = new ECSClient({ ...shared, credentials })
  tagging = new ResourceGroupsTaggingAPIClient({ ...shared, credentials })
})
afterAll(() => moto?.stop())

/** Everything of the region with its tags, by ARN. */
async function tagsByArn(): Promise<Readonly<Record<string, unknown>>> {
  const reading = joinReadings([
    (await listVpcs({ ...base, client: ec2 })).reading,
    await listCurrentTaskDefinitions({ ...base, client: ecs }, { maxFamilies: 100 }),
    await listRepositories({ ...base, client: ecr }),
  ])
  const { items } = await withTags({ ...base, client: tagging }, reading)
  return Object.fromEntries(items.map((item: JsonObject) => [ownString(item, 'arn') ?? '', item.tags]))
}

async function makeVpc(): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }))
  return Vpc?.VpcId ?? ''
}

const containerDefinitions = [{ name: 'web', image: 'web:1', memory: 128 }]

it('reads the tags that EC2 and ECS were given, by the ARNs of their readings, and none where there are none', async () => {
  const [tagged, bare] = [await makeVpc(), await makeVpc()]
  const stage = { Key: 'stage', Value: 'sandbox-1' }
  await ec2.send(new CreateTagsCommand({ Resources: [tagged], Tags: [stage, { Key: 'aäß €', Value: '' }] }))
  await ecs.send(new CreateClusterCommand({ clusterName: 'prod', tags: [{ key: 'of', value: 'the cluster' }] }))
  const tags = [{ key: 'stage', value: 'sandbox-2' }]
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions, tags }))
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'bare', containerDefinitions }))
  const service = { cluster: 'prod', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 }
  await ecs.send(new CreateServiceCommand({ ...service, tags: [{ key: 'stage', value: 'live' }] }))

  const found = await tagsByArn()
  expect(found).toMatchObject({
    [`arn:aws:ec2:${region}:${accountId}:vpc/${tagged}`]: { stage: 'sandbox-1', 'aäß €': '' },
    [`arn:aws:ec2:${region}:${accountId}:vpc/${bare}`]: {},
    [`${ecsArn}:task-definition/web:1`]: { stage: 'sandbox-2' },
    [`${ecsArn}:task-definition/bare:1`]: {},
    [`${ecsArn}:service/prod/web`]: { stage: 'live' },
  })
  expect(found[`${ecsArn}:cluster/prod`]).toEqual({})
})

it('reads none that were taken away', async () => {
  const arn = `${ecsArn}:task-definition/web:1`
  await ecs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['stage'] }))
  expect((await tagsByArn())[arn]).toEqual({})
})

it('finds that the back end knows no tags of ECR: those are tested against our own server', async () => {
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app', tags: [{ Key: 'stage', Value: 'sandbox' }] }))
  expect((await tagsByArn())[`arn:aws:ecr:${region}:${accountId}:repository/app`]).toEqual({})
})
