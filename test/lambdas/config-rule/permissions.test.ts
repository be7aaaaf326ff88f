import { afterEach, beforeEach, expect, it } from 'vitest'
import { auditorStatements } from '../../../infra/derive/permissions.ts'
import { sourcePermissions } from '../../../infra/derive/source-permissions.ts'
import type { Rule } from '../../../shared/rules/define-rule.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { roleRules } from '../../../shared/rules/role-rules.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
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
})
afterEach(() => fake.close())

/** Read statements only: what the sinks write is stated once for every rule. */
const granted = (rules: readonly Rule[]): ReadonlySet<string> =>
  new Set(
    auditorStatements(rules, sourcePermissions, 'f')
      .filter(({ sid }) => sid.startsWith('Read'))
      .flatMap(({ actions }) => actions),
  )

const written = new Set(['PutEvaluations', 'BatchImportFindings'])
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
    case 'AWS::ECR::Repository':
      return [sweepOf(id), changeOf(id, { resourceId: 'app', ARN: null })]
    default:
      return [sweepOf(id)]
  }
}

it.each([...ecrRules, ...roleRules].map((rule) => [rule.id, rule] as const))(
  'a function that serves %s alone calls nothing it is not granted',
  async (_id, rule) => {
    for (const event of eventsOf(rule)) await audit(fake, event)
    expect(called().size).toBeGreaterThan(0)
    const allowed = granted([rule])
    expect([...called()].filter((action) => !allowed.has(action))).toEqual([])
  },
)

it.each([
  ['ecr', ecrRules],
  ['role', roleRules],
])('the function of area %s is granted nothing that no rule ever calls', async (_area, rules) => {
  for (const rule of rules) for (const event of eventsOf(rule)) await audit(fake, event)
  const used = called()
  expect([...granted(rules)].filter((action) => !used.has(action))).toEqual([])
})

it.each([
  ['role', roleRules],
  ['ecr', ecrRules],
])('the function of area %s is granted reads of that area only', (area, rules) => {
  const services = new Set([...granted(rules)].map((action) => action.split(':')[0]))
  expect([...services].sort()).toEqual(area === 'ecr' ? ['ecr'] : ['ecr', 'ecs', 'eks', 'iam'])
})
