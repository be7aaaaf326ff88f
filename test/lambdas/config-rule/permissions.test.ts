import { afterEach, beforeEach, expect, it } from 'vitest'
import { auditorStatements, callsOf } from '../../../infra/derive/permissions.ts'
import { sourcePermissions } from '../../../infra/derive/source-permissions.ts'
import type { Rule } from '../../../shared/rules/define-rule.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { imageRules } from '../../../shared/rules/image-rules.ts'
import { roleRules } from '../../../shared/rules/role-rules.ts'
import { vpcRules } from '../../../shared/rules/vpc-rules.ts'
import { permissions as ofImages } from '../../../shared/sources/ecr-images/permissions.ts'
import { fillEc2, wireGroup } from '../../sources/ec2/account.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { callEvent, watcher } from '../resource-change/scenario.ts'
import { holding, serviceChange, warmImageAuditor } from './image-scenario.ts'
import {
  adminPolicy,
  audit,
  changeOf,
  clusterItem,
  definitionArn,
  definitionItem,
  eksCluster,
  fargateProfile,
  nodegroup,
  policyArn,
  profileArn,
  pullPolicy,
  role,
  roleArn,
  roleItem,
  sweepOf,
  taskDefinition,
} from './role-scenario.ts'
import { closedPolicy } from './scenario.ts'
import { changeIn, networkItem, warmAuditor } from './vpc-scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  const { state } = fake
  const clusterArn = 'arn:aws:ecs:eu-central-1:111122223333:cluster/main'
  state.repositories.set('app', closedPolicy)
  state.registryPolicy = closedPolicy
  state.cacheRules = [{ ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'quay.io' }]
  const attached = [policyArn('more')]
  state.iam.roles.push(
    role('auditor', undefined),
    role('puller', pullPolicy('app'), { attached }),
    role('pods', adminPolicy),
  )
  state.iam.policies.push({
    arn: policyArn('more'),
    id: 'A',
    defaultVersionId: 'v1',
    versions: new Map([['v1', adminPolicy]]),
  })
  state.ecs.taskDefinitions.push(taskDefinition('web:1', { taskRoleArn: roleArn('pods') }))
  state.ecs.clusters.push({ clusterArn, clusterName: 'main' })
  state.ecs.services.push({
    ...{ serviceName: 's', serviceArn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/s', clusterArn },
    taskDefinition: definitionArn('web:1'),
  })
  state.eks.clusters.push(eksCluster('main'))
  state.eks.nodegroups.push(nodegroup('main', 'a', 'puller'))
  state.eks.fargateProfiles.push(fargateProfile)
  fillEc2(fake)
  state.services.set('ecr:DescribeImages', holding(0))
  // A rule that names a group of another VPC, and a zone that takes a name away.
  state.ec2.securityGroups.push(wireGroup('sg-peer', { vpcId: 'vpc-2' }))
  const owner = { OwningAccount: '111122223333' }
  const addresses = { ResourceRecord: [{ Value: '10.0.0.10' }] }
  const records = [{ Name: 'api.ecr.eu-central-1.amazonaws.com.', Type: 'A', TTL: 60, ResourceRecords: addresses }]
  state.route53.zones.push({ id: 'Z1', name: 'api.ecr.eu-central-1.amazonaws.com.', owner, vpcIds: ['vpc-1'], records })
})
afterEach(() => fake.close())

/** Read statements only: what the sinks write, and the tags that exceptions ask for, is stated once for every rule. */
const granted = (rules: readonly Rule[]): ReadonlySet<string> =>
  new Set(
    auditorStatements(
      rules,
      callsOf(rules[0]!.area, [...sourcePermissions, ...(rules[0]!.area === 'image' ? ofImages : [])]),
      'f',
    )
      .filter(({ sid }) => sid.startsWith('Read') && sid !== 'ReadTagsForExceptions')
      .flatMap(({ actions }) => actions),
  )

/** Stated for every function, whatever rules it serves. */
const written = new Set([
  'PutEvaluations',
  'BatchImportFindings',
  'GetComplianceDetailsByConfigRule',
  'GetComplianceDetailsByResource',
  'GetFindings',
])
const called = (): ReadonlySet<string> =>
  new Set(
    fake.calls
      .filter(({ operation }) => !written.has(operation))
      .map(({ service, operation }) => `${service}:${operation}`),
  )

/** A change of the judged type, of what triggers the rule besides, and the sweep. */
function eventsOf({ id, judges }: Rule): readonly object[] {
  switch (judges) {
    case 'AWS::IAM::Role':
      return [sweepOf(id), changeOf(id, roleItem('puller')), changeOf(id, roleItem('gone'))]
    case 'AWS::ECS::TaskDefinition':
      return [sweepOf(id), changeOf(id, definitionItem('web:1'))]
    case 'AWS::EKS::Nodegroup':
      return [sweepOf(id), changeOf(id, clusterItem('main'))]
    case 'AWS::EKS::FargateProfile': {
      const item = { resourceType: judges, resourceId: profileArn, ARN: profileArn }
      return [sweepOf(id), changeOf(id, item)]
    }
    case 'AWS::ECS::Service':
      return [sweepOf(id), serviceChange(id, 's'), serviceChange(id, 'gone')]
    case 'AWS::EC2::VPC':
      return [
        sweepOf(id),
        changeIn(id, networkItem(judges, 'vpc-1')),
        changeIn(id, networkItem('AWS::EC2::NatGateway', 'nat-1')),
      ]
    case 'AWS::ECR::Repository':
      return [sweepOf(id), changeOf(id, { resourceId: 'app', ARN: null })]
    default:
      return [sweepOf(id)]
  }
}

/** Lets the function of its area judge what AWS Config sends for a rule. */
async function auditAll(rule: Rule): Promise<void> {
  const send = senderOf(rule)
  for (const event of eventsOf(rule)) await send(event)
}

function senderOf({ area }: Rule): (event: unknown) => Promise<void> {
  if (area === 'image') return warmImageAuditor(fake)
  return area === 'vpc' ? warmAuditor(fake) : (event) => audit(fake, event)
}

it.each([...ecrRules, ...roleRules, ...vpcRules, ...imageRules].map((rule) => [rule.id, rule] as const))(
  'a function that serves %s alone calls nothing it is not granted',
  async (_id, rule) => {
    await auditAll(rule)
    expect(called().size).toBeGreaterThan(0)
    const allowed = granted([rule])
    expect([...called()].filter((action) => !allowed.has(action))).toEqual([])
  },
)

it.each([
  ['ecr', ecrRules],
  ['role', roleRules],
  ['vpc', vpcRules],
  ['image', imageRules],
])('the function of area %s is granted nothing that no rule ever calls', async (_area, rules) => {
  for (const rule of rules) await auditAll(rule)
  // Which roles hold a policy only a call of CloudTrail makes anybody ask.
  const changed = callEvent('iam', 'SetDefaultPolicyVersion', { policyArn: policyArn('more') })
  await watcher(
    fake,
    rules.map(({ id }) => id),
  ).handle(changed)
  const used = called()
  expect([...granted(rules)].filter((action) => !used.has(action))).toEqual([])
})

it.each([
  ['ecr', ['ecr'], ecrRules],
  ['role', ['ecr', 'ecs', 'eks', 'iam'], roleRules],
  ['vpc', ['autoscaling', 'ec2', 'ecr', 'ecs', 'eks', 'iam', 'route53'], vpcRules],
  ['image', ['autoscaling', 'ec2', 'ecr', 'ecs', 'eks', 'iam', 'route53'], imageRules],
])('the function of area %s is granted reads of %j only', (_area, services, rules) => {
  const found = new Set([...granted(rules)].map((action) => action.split(':')[0]))
  expect([...found].sort()).toEqual(services)
})
