import { afterEach, beforeEach, expect, it } from 'vitest'
import { sourcePermissions } from '../../../infra/derive/source-permissions.ts'
import { changingCalls } from '../../../shared/events/cloudtrail-table.ts'
import { rules } from '../../../shared/rules/index.ts'
import { permissions as ofImages } from '../../../shared/sources/ecr-images/permissions.ts'
import { imagesService } from '../../support/fake-aws/ecr-images.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  definitionArn,
  eksCluster,
  fargateProfile,
  nodegroup,
  policyArn,
  pullPolicy,
  role,
} from '../config-rule/role-scenario.ts'
import { startPullingAccount } from '../config-rule/vpc-scenario.ts'
import { account, callEvent, calledAt, region, scanEvent, type Watched, watcher } from './scenario.ts'

let fake: FakeAws
let watched: Watched
beforeEach(async () => {
  fake = await startPullingAccount()
  fake.state.services.set('ecr:DescribeImages', imagesService({ repositories: new Map([['app', []]]) }))
  fake.state.cacheRules = [{ ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'quay.io' }]
  const versions = new Map([['v1', pullPolicy('app')]])
  fake.state.iam.policies.push({ ...{ arn: policyArn('more'), id: 'ANPAMORE' }, defaultVersionId: 'v1', versions })
  fake.state.iam.roles.push(role('pods', pullPolicy('app'), { attached: [policyArn('more')] }))
  fake.state.eks.clusters.push(eksCluster('main'))
  fake.state.eks.nodegroups.push(nodegroup('main', 'blue', 'puller'))
  fake.state.eks.fargateProfiles.push(fargateProfile)
  watched = watcher(
    fake,
    rules.map(({ id }) => id),
  )
})
afterEach(() => fake.close())

const serviceArn = `arn:aws:ecs:${region}:${account}:service/main/web`
const taskDefinition = definitionArn('web:1')
/** Every name the estate has, wherever a record of any call may hold it. */
const request = {
  ...{ repositoryName: 'app', ecrRepositoryPrefix: 'hub', roleName: 'puller', taskDefinition },
  ...{ name: 'main', nodegroupName: 'blue', fargateProfileName: 'serverless', subnets: ['subnet-1'] },
  ...{ vpcId: 'vpc-1', subnetId: 'subnet-1', routeTableId: 'rtb-1', groupId: 'sg-1', networkAclId: 'acl-1' },
  ...{ natGatewayId: 'nat-1', vpcEndpointId: 'vpce-0', vPC: { vPCId: 'vpc-1', vPCRegion: region } },
  ...{ policyArn: policyArn('more'), setAsDefault: true },
}
const response = {
  taskDefinition: { taskDefinitionArn: taskDefinition },
  service: { serviceArn, taskDefinition },
  vpc: { vpcId: 'vpc-1' },
}

it('every call of the table leads to verdicts, by reads that the sources declare and no write', async () => {
  const silent: string[] = []
  for (const [index, { service, name }] of changingCalls.entries()) {
    const before = watched.published.length
    // Each so much later than the one before that no earlier reading shows it.
    const time = new Date(Date.parse(calledAt) + index * 300_000)
    const event = callEvent(service, name, request, { response, event: { time: time.toISOString() } })
    await watched.handle(event, { now: new Date(time.getTime() + 60_000).toISOString() })
    if (watched.published.length === before) silent.push(`${service}:${name}`)
  }
  await watched.handle(scanEvent('app'))
  const allowed = new Set([...sourcePermissions, ...ofImages].map(({ action }) => action as string))
  const made = new Set(fake.calls.map(({ service, operation }) => `${service}:${operation}`))
  expect([...made].filter((call) => !allowed.has(call)).sort()).toEqual(['config:GetResourceConfigHistory'])
  // The endpoint is gone, and nobody knows where it was.
  expect(silent).toEqual(['ec2:ModifyVpcEndpoint', 'ec2:DeleteVpcEndpoints'])
})
