import { Aws, CfnCondition, CfnParameter, Fn, type Stack, Token } from 'aws-cdk-lib'
import { limits } from '../config.ts'
import type { Conditions } from '../constructs/conditions.ts'
import { regionPattern } from '../region-pattern.ts'

/** The variables of every function that judges, by the names `shared/runtime/environment.ts` reads. */
export function environmentParameters(scope: Stack): Record<string, string> {
  const settings = new CfnParameter(scope, 'Settings', {
    default: '',
    maxLength: limits.settings,
    description:
      'Settings as JSON, which "pullpath settings FILE" prints from a settings file. Example: {"trustedAccounts":["111122223333"]}',
  })
  const organizationId = new CfnParameter(scope, 'OrganizationId', {
    default: '',
    allowedPattern: '^(o-[a-z0-9]{10,32})?$',
    description: 'Organization id (o-...). Without it, verdicts on access by organization id stay undetermined.',
  })
  const trustedAccounts = new CfnParameter(scope, 'TrustedAccounts', {
    default: '',
    allowedPattern: '^([0-9]{12}(,[0-9]{12})*)?$',
    maxLength: limits.trustedAccounts,
    description: 'Comma-separated ids of accounts outside the organization that may reach repositories.',
  })
  const securityHub = new CfnParameter(scope, 'SecurityHub', {
    default: 'on',
    allowedValues: ['on', 'off'],
    description: 'Whether findings also go to AWS Security Hub. Off: only AWS Config rules are deployed.',
  })
  return {
    PULLPATH_SETTINGS: settings.valueAsString,
    PULLPATH_ORGANIZATION_ID: organizationId.valueAsString,
    PULLPATH_TRUSTED_ACCOUNTS: trustedAccounts.valueAsString,
    PULLPATH_SECURITY_HUB: securityHub.valueAsString,
  }
}

/** Where the home region of the account is. */
export interface HomeRegion {
  /** A token; empty: every deployment counts as home. */
  readonly region: string
  readonly isHere: () => CfnCondition
}

/**
 * AWS Config records roles in one region of an account. Left empty every deployment counts as home: right for one region
 * by hand, four times the same finding in four regions.
 */
export function homeRegionParameter(scope: Stack, conditions: Conditions): HomeRegion {
  const { valueAsString: region } = new CfnParameter(scope, 'HomeRegion', {
    default: '',
    allowedPattern: `^(${regionPattern})?$`,
    description:
      'Region whose AWS Config recorder records IAM: only there rules on roles exist. Empty: this region. Set it when deploying to several regions.',
  })
  const isHere = () =>
    conditions('InHomeRegion', () =>
      Fn.conditionOr(Fn.conditionEquals(region, ''), Fn.conditionEquals(region, Aws.REGION)),
    )
  return { region, isHere }
}

/** Where findings go to Security Hub; and where they do and resources of the account, such as roles, are judged. */
export function publishingConditions(conditions: Conditions, inHomeRegion: () => CfnCondition) {
  const publishes = conditions('PublishesFindings', () => Fn.conditionEquals(Fn.ref('SecurityHub'), 'on'))
  const publishesAtHome = () => conditions('PublishesFindingsAtHome', () => Fn.conditionAnd(publishes, inHomeRegion()))
  return { publishes, publishesAtHome }
}

/** Unreserved by default: accounts with a small concurrency quota refuse any reservation. */
export function concurrencyParameter(scope: Stack) {
  const parameter = new CfnParameter(scope, 'ReservedConcurrency', {
    default: '',
    allowedPattern: '^[0-9]{0,4}$',
    description: 'Concurrency reserved for (and the ceiling of) each function; empty reserves none.',
  })
  const condition = new CfnCondition(scope, 'ReservesConcurrency', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
  })
  const reserved = Fn.conditionIf(condition.logicalId, parameter.valueAsString, Aws.NO_VALUE)
  return { reservesConcurrency: condition, reservedConcurrency: Token.asNumber(reserved) }
}
