import { auditors, eventFunctions } from '../../infra/config.ts'
import { adminPolicy, role, roleArn, roleId } from '../lambdas/config-rule/role-scenario.ts'
import { scheduledEvent } from '../lambdas/config-rule/scenario.ts'
import { serveCompliance } from '../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { closedEndpoints, ofRule, promptRuleArn, refusedOf } from './config-rows.ts'
import { lostImage } from './event-rows.ts'
import { accountId, region } from './mini-stack.ts'
import { ago, type FunctionRow, inAccount } from './stage.ts'

/** What a sweep finds, besides the account itself. */
interface Swept {
  readonly ruleId: string
  readonly account: () => Promise<FakeAws>
  /** Type, id and ARN of what breaks the rule. */
  readonly broken: readonly [string, string, string]
  /** What keeps it: type and id as AWS Config has them, and the ARN. */
  readonly kept?: readonly [string, string, string]
}

/** The daily notification of a rule, which finds one thing that breaks it. */
function sweepRow(
  of: { readonly functionName: string; readonly entry: string },
  title: string,
  swept: Swept,
): FunctionRow {
  const { ruleId, account, broken, kept } = swept
  return {
    ...{ title, functionName: of.functionName, entry: of.entry, variables: { PULLPATH_OWN_ROLE: 'auditor' } },
    stage: async () => {
      const fake = await account()
      serveCompliance(fake)
      const event = { ...scheduledEvent(ago(60)), ...ofRule(ruleId), configRuleArn: promptRuleArn(300_000) }
      const config = ([type, id]: readonly string[], verdict: string) => ['Config', 'token-1', type, id, verdict]
      const hub = ([, , arn]: readonly string[], status: string, state = 'ACTIVE') => [
        ...['Security Hub', `pullpath/${ruleId}`, arn, status, state],
      ]
      const registryArn = `arn:aws:ecr:${region}:${accountId}:registry/${accountId}`
      const judged = [
        ...(kept ? ([[kept, 'COMPLIANT']] as const) : []),
        ...([[broken, 'NON_COMPLIANT']] as const),
      ].sort(([[, , one]], [[, , other]]) => (one < other ? -1 : 1))
      return inAccount(fake, {
        event,
        writes: [
          ...judged.map(([one, verdict]) => config(one, verdict)),
          ...judged.map(([one, verdict]) => hub(one, verdict === 'COMPLIANT' ? 'PASSED' : 'FAILED')),
          hub(['', '', registryArn], 'PASSED', 'ARCHIVED'),
          config(['AWS::::Account', accountId], 'NOT_APPLICABLE'),
        ],
        // What AWS Config shows already is not written again.
        again: [],
        refused: refusedOf(event, 'rule'),
      })
    },
  }
}

async function administrators(): Promise<FakeAws> {
  const fake = await startFakeAws(accountId, region)
  fake.state.iam.roles.push(role('auditor', undefined), role('deployer', adminPolicy))
  return fake
}

const webArn = `arn:aws:ecs:${region}:${accountId}:service/main/web`

/** The daily sweeps of the areas besides that of repositories. */
export const sweepRows: readonly FunctionRow[] = [
  sweepRow(auditors.role, 'the daily sweep of the roles', {
    ruleId: 'role-registry-admin-restricted',
    account: administrators,
    broken: ['AWS::IAM::Role', roleId('deployer'), roleArn('deployer')],
    kept: ['AWS::IAM::Role', roleId('auditor'), roleArn('auditor')],
  }),
  sweepRow(auditors.vpc, 'the daily sweep of the VPCs', {
    ruleId: 'vpc-ecr-endpoints-reachable',
    account: closedEndpoints,
    broken: ['AWS::EC2::VPC', 'vpc-1', `arn:aws:ec2:${region}:${accountId}:vpc/vpc-1`],
  }),
  sweepRow(eventFunctions.pullFailure, 'the daily sweep of the services', {
    ruleId: 'image-repository-exists',
    account: lostImage,
    broken: ['AWS::ECS::Service', webArn, webArn],
  }),
]
