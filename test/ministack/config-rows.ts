import { jitterOf } from '../../lambdas/config-rule/jitter.ts'
import { adminPolicy, changeOf, role, roleArn, roleId, roleItem } from '../lambdas/config-rule/role-scenario.ts'
import { changeEvent, openPolicy, scheduledEvent } from '../lambdas/config-rule/scenario.ts'
import { groupItem, startPullingAccount } from '../lambdas/config-rule/vpc-scenario.ts'
import { wireGroup } from '../sources/ec2/account.ts'
import { serveCompliance } from '../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { accountId, region } from './mini-stack.ts'
import { ago, type FunctionRow, foreign, inAccount, type Refused, repositoryArn } from './stage.ts'

/** The rule that repositories nobody outside may pull from keep. */
export const publicRule = 'ecr-repository-not-public'
const adminRule = 'role-registry-admin-restricted'
const reachableRule = 'vpc-ecr-endpoints-reachable'

/** An account with the repository `team/app` that everybody may pull from. */
export async function openRepository(): Promise<FakeAws> {
  const fake = await startFakeAws(accountId, region)
  fake.state.repositories.set('team/app', openPolicy)
  return fake
}

/** The parameters of the Config rule of a rule. */
export const ofRule = (ruleId: string) => ({ ruleParameters: JSON.stringify({ ruleId }) })
/** An event of another account, refused as that. */
export const refusedOf = (event: Record<string, unknown>, owner = 'function'): Refused => ({
  event: { ...event, accountId: foreign },
  message: `expected the account of ${owner === 'rule' ? 'the rule' : 'this function'}`,
})
const openRepositoryWrites = [
  ['Config', 'token-1', 'AWS::ECR::Repository', 'team/app', 'NON_COMPLIANT'],
  ['Security Hub', `pullpath/${publicRule}`, repositoryArn('team/app'), 'FAILED', 'ACTIVE'],
]

const ecr = { functionName: 'pullpath-ecr-policy-auditor', entry: 'lambdas/config-rule/ecr-handler.ts' }

const ecrChange: FunctionRow = {
  ...ecr,
  title: 'a change of a repository',
  stage: async () => {
    const item = { configurationItemCaptureTime: ago(60) }
    const event = changeEvent({ item, event: ofRule(publicRule) })
    return inAccount(await openRepository(), { event, writes: openRepositoryWrites, refused: refusedOf(event) })
  },
}

const ecrOversized: FunctionRow = {
  ...ecr,
  title: 'a change too large for its event',
  stage: async () => {
    const { configurationItem } = JSON.parse(String(changeEvent().invokingEvent))
    const { configuration: _, ...summary } = { ...configurationItem, configurationItemCaptureTime: ago(60) }
    const invokingEvent = JSON.stringify({
      configurationItemSummary: { ...summary, changeType: 'UPDATE' },
      notificationCreationTime: ago(55),
      messageType: 'OversizedConfigurationItemChangeNotification',
      recordVersion: '1.0',
    })
    const event = { ...changeEvent(), ...ofRule(publicRule), invokingEvent }
    const fake = await openRepository()
    const { resourceType, resourceId, configurationItemStatus } = summary
    fake.state.history = [{ configurationItems: [{ resourceType, resourceId, configurationItemStatus }] }]
    return inAccount(fake, { event, writes: openRepositoryWrites, refused: refusedOf(event) })
  },
}

/** A Config rule whose sweeps hardly wait. */
export function promptRuleArn(remaining: number): string {
  const prefix = `arn:aws:config:${region}:${accountId}:config-rule/config-rule-`
  const arn = Array.from({ length: 10_000 }, (_, n) => `${prefix}${n}`).find(
    (one) => jitterOf(accountId, one, remaining) < 50,
  )
  if (arn === undefined) throw new Error('every Config rule waits')
  return arn
}

const ecrSweep: FunctionRow = {
  ...ecr,
  title: 'the daily sweep of the repositories',
  stage: async () => {
    const fake = await openRepository()
    serveCompliance(fake)
    const event = { ...scheduledEvent(ago(60)), ...ofRule(publicRule), configRuleArn: promptRuleArn(300_000) }
    const registryArn = `arn:aws:ecr:${region}:${accountId}:registry/${accountId}`
    // The account's own verdict comes last: it says that the sweep is done.
    const done = ['Config', 'token-1', 'AWS::::Account', accountId, 'NOT_APPLICABLE']
    return inAccount(fake, {
      event,
      writes: [
        ...openRepositoryWrites,
        ['Security Hub', `pullpath/${publicRule}`, registryArn, 'PASSED', 'ARCHIVED'],
        done,
      ],
      // What AWS Config shows already is not written again.
      again: [],
      refused: refusedOf(event, 'rule'),
    })
  },
}

const roleChange: FunctionRow = {
  title: 'a change of a role',
  functionName: 'pullpath-role-permission-auditor',
  entry: 'lambdas/config-rule/role-handler.ts',
  stage: async () => {
    const fake = await startFakeAws(accountId, region)
    fake.state.iam.roles.push(role('deployer', adminPolicy))
    const event = changeOf(adminRule, roleItem('deployer', { configurationItemCaptureTime: ago(60) }))
    return inAccount(fake, {
      event,
      writes: [
        ['Config', 'token-1', 'AWS::IAM::Role', roleId('deployer'), 'NON_COMPLIANT'],
        ['Security Hub', `pullpath/${adminRule}`, roleArn('deployer'), 'FAILED', 'ACTIVE'],
      ],
      refused: refusedOf(event),
    })
  },
}

/** A VPC whose endpoints let nobody in. */
export async function closedEndpoints(): Promise<FakeAws> {
  const fake = await startPullingAccount()
  const groups = fake.state.ec2.securityGroups
  const endpoints = groups.findIndex(({ groupId }) => groupId === 'sg-endpoints')
  groups.splice(endpoints, 1, wireGroup('sg-endpoints'))
  return fake
}

const vpcChange: FunctionRow = {
  title: 'a change of a security group',
  functionName: 'pullpath-vpc-endpoint-auditor',
  entry: 'lambdas/config-rule/vpc-handler.ts',
  stage: async () => {
    const event = changeOf(reachableRule, groupItem('sg-endpoints', { configurationItemCaptureTime: ago(60) }))
    const vpcArn = `arn:aws:ec2:${region}:${accountId}:vpc/vpc-1`
    return inAccount(await closedEndpoints(), {
      event,
      writes: [
        ['Config', 'token-1', 'AWS::EC2::VPC', 'vpc-1', 'NON_COMPLIANT'],
        ['Security Hub', `pullpath/${reachableRule}`, vpcArn, 'FAILED', 'ACTIVE'],
      ],
      // A burst of changes is judged once.
      again: [],
      refused: refusedOf(event),
    })
  },
}

/** The functions that AWS Config invokes. */
export const configRows: readonly FunctionRow[] = [ecrChange, ecrOversized, ecrSweep, roleChange, vpcChange]
