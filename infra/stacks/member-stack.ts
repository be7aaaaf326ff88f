import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  type IStackSynthesizer,
  Stack,
  Token,
  Validations,
} from 'aws-cdk-lib'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { roleAcknowledgements } from '../acknowledgements.ts'
import { type AuditedArea, auditedAreas, auditors } from '../config.ts'
import { ConfigRuleFunction } from '../constructs/config-rule-function.ts'
import { ConfigRules } from '../constructs/config-rules.ts'
import { configRuleOf } from '../derive/config-rules.ts'
import { auditorStatements, callsOf } from '../derive/permissions.ts'

/** What the member template is made from: all of it values, so that a test can hand in its own. */
export interface MemberStackProps {
  /** The enabled rules of all areas that have a function. */
  readonly rules: readonly RuleMeta[]
  readonly permissions: readonly ReadPermission[]
  /** The bundle of each area's entry, as built. */
  readonly code: Readonly<Record<AuditedArea, string>>
}

/**
 * What one account and region gets: per area the auditing function, its role, and one AWS Config rule per enabled rule.
 * One self-contained template: no assets, no bootstrap, no hard-coded partition, so anyone can deploy it anywhere.
 */
export class MemberStack extends Stack {
  readonly auditors: readonly ConfigRuleFunction[]

  constructor(scope: App, id: string, { rules, permissions, code }: MemberStackProps) {
    super(scope, id, {
      synthesizer: withoutAssets(),
      analyticsReporting: false,
      // The template carries the functions and may have 1 MB.
      suppressTemplateIndentation: true,
      description:
        'Pullpath: audits ECR, the roles that use it and the ways to it in one account and region through AWS Config rules',
    })
    const environment = environmentParameters(this)
    const reservedConcurrency = concurrencyParameter(this)
    const inHomeRegion = homeRegionCondition(this)
    this.auditors = auditedAreas.map((area) => {
      const { constructId, functionName, description } = auditors[area]
      const ofArea = rules.filter((rule) => rule.area === area)
      const auditor = new ConfigRuleFunction(this, constructId, {
        ...{ functionName, description, environment, reservedConcurrency },
        code: code[area],
        statements: auditorStatements(ofArea, callsOf(area, permissions), functionName),
      })
      new ConfigRules(this, `${constructId}Rules`, { definitions: ofArea.map(configRuleOf), auditor, inHomeRegion })
      Validations.of(auditor.role).acknowledge(...roleAcknowledgements)
      new CfnOutput(this, `${constructId}Arn`, { value: auditor.function.attrArn })
      return auditor
    })
  }
}

/**
 * AWS Config records roles in one region of an account. Left empty every deployment counts as home: right for one region
 * by hand, four times the same finding in four regions.
 */
function homeRegionCondition(scope: Stack): CfnCondition {
  const parameter = new CfnParameter(scope, 'HomeRegion', {
    default: '',
    allowedPattern: '^([a-z]{2,5}(-[a-z]+)+-[0-9]+)?$',
    description:
      'Region whose AWS Config recorder records IAM: only there rules on roles exist. Empty: this region. Set it when deploying to several regions.',
  })
  return new CfnCondition(scope, 'InHomeRegion', {
    expression: Fn.conditionOr(
      Fn.conditionEquals(parameter.valueAsString, ''),
      Fn.conditionEquals(parameter.valueAsString, Aws.REGION),
    ),
  })
}

/** No file or image assets, no bootstrap bucket. The cast: the library's own types disagree under exactOptionalPropertyTypes. */
function withoutAssets(): IStackSynthesizer {
  return new BootstraplessSynthesizer() as IStackSynthesizer
}

/** The names `shared/runtime/environment.ts` reads. */
function environmentParameters(scope: Stack): Record<string, string> {
  const settings = new CfnParameter(scope, 'Settings', {
    default: '',
    maxLength: 3500,
    description:
      "Text of a settings file, one line of YAML or JSON: {organizationId: o-abc, trustedAccounts: ['111122223333']}",
  })
  const organizationId = new CfnParameter(scope, 'OrganizationId', {
    default: '',
    allowedPattern: '^(o-[a-z0-9]{10,32})?$',
    description: 'Organization id (o-...). Without it, verdicts on access by organization id stay undetermined.',
  })
  const trustedAccounts = new CfnParameter(scope, 'TrustedAccounts', {
    default: '',
    allowedPattern: '^([0-9]{12}(,[0-9]{12})*)?$',
    description: 'Comma-separated ids of accounts outside the organization that may reach repositories.',
  })
  const securityHub = new CfnParameter(scope, 'SecurityHub', {
    default: 'on',
    allowedValues: ['on', 'off'],
    description: 'Whether findings also go to AWS Security Hub.',
  })
  return {
    PULLPATH_SETTINGS: settings.valueAsString,
    PULLPATH_ORGANIZATION_ID: organizationId.valueAsString,
    PULLPATH_TRUSTED_ACCOUNTS: trustedAccounts.valueAsString,
    PULLPATH_SECURITY_HUB: securityHub.valueAsString,
  }
}

/** Unreserved by default: accounts with a small concurrency quota refuse any reservation. */
function concurrencyParameter(scope: Stack): number {
  const parameter = new CfnParameter(scope, 'ReservedConcurrency', {
    default: '',
    allowedPattern: '^[0-9]{0,4}$',
    description: 'Concurrency reserved for (and the ceiling of) the function; empty reserves none.',
  })
  const condition = new CfnCondition(scope, 'ReservesConcurrency', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
  })
  return Token.asNumber(Fn.conditionIf(condition.logicalId, parameter.valueAsString, Aws.NO_VALUE))
}
