import {
  type App,
  BootstraplessSynthesizer,
  CfnCondition,
  Fn,
  type IStackSynthesizer,
  aws_organizations as organizations,
  Stack,
} from 'aws-cdk-lib'
import {
  foundationGuardrail,
  type GuardrailStatement,
  ourGuardrail,
  policyText,
  ruleGuardrail,
} from '../hub/guardrail.ts'
import { textParameter } from '../hub/parameters.ts'

const target = '(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|[0-9]{12})'
// No comma and no quote: the texts stand in a list of JSON.
const role = 'arn:[a-z-]+:iam::([0-9]{12}|[*]):role/[A-Za-z0-9+=.@_/*-]{1,150}'

/** Characters of the exempted roles: they stand in every statement of a policy. */
const EXEMPT_ROOM = 240

/**
 * Service control policies against tampering, for the management account or a delegated administrator of policies: nobody in
 * the accounts of the organization stops or forges the work of pullpath but those who deploy it.
 */
export class GuardrailStack extends Stack {
  constructor(scope: App, id: string) {
    super(scope, id, {
      // The cast: the library's own types disagree under exactOptionalPropertyTypes.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
      description: 'Pullpath: service control policies that keep accounts from stopping or forging its work',
    })
    const targets = textParameter(this, 'TargetIds', {
      pattern: `^${target}(,${target})*$`,
      description: 'Comma-separated ids of the root, organizational units or accounts that are bound.',
    })
    const exempted = textParameter(this, 'ExemptRoles', {
      ...{ pattern: `^${role}(,${role})*$`, maxLength: EXEMPT_ROOM },
      description:
        'Comma-separated ARNs, with * where needed, of the roles that are not bound: the break-glass role, the role that deploys pullpath-hub, and what sets up AWS Config. Stack sets are never bound.',
    })
    const othersRules = textParameter(this, 'OtherConfigRules', {
      ...{ fallback: 'allowed', values: ['allowed', 'denied'] },
      description:
        'denied: nobody else changes AWS Config rules or records evaluations. Not for accounts with custom rules of their own; needed when the rules of pullpath stand alone (ConfigRules=rules).',
    })
    const denies = new CfnCondition(this, 'DeniesOtherConfigRules', {
      expression: Fn.conditionEquals(othersRules, 'denied'),
    })
    const policy = policyFactory(this, targets, exempted)
    policy('Guardrail', 'pullpath-guardrail', 'Nobody stops or forges the work of pullpath', ourGuardrail)
    policy(
      'Foundations',
      'pullpath-guardrail-foundations',
      'Nobody stops AWS Config or Security Hub',
      foundationGuardrail,
    )
    policy(
      'Rules',
      'pullpath-guardrail-rules',
      'Nobody else has AWS Config rules',
      ruleGuardrail,
    ).cfnOptions.condition = denies
  }
}

function policyFactory(stack: Stack, targets: string, exempted: string) {
  const variables = { Exempted: Fn.join('","', Fn.split(',', exempted)) }
  return (id: string, name: string, description: string, statements: readonly GuardrailStatement[]) =>
    new organizations.CfnPolicy(stack, id, {
      ...{ name, description, type: 'SERVICE_CONTROL_POLICY' },
      // As text: it counts as it stands, and an object would not be without blanks for sure.
      content: Fn.sub(policyText(statements), variables),
      targetIds: Fn.split(',', targets),
    })
}
