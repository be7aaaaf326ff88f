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
import { alarmAcknowledgements, roleAcknowledgements, setAsideAcknowledgements } from '../acknowledgements.ts'
import {
  type AuditedArea,
  attempts,
  auditedAreas,
  auditors,
  type EventFunction,
  limits,
  queueNames,
  retention,
} from '../config.ts'
import { ConfigRuleFunction } from '../constructs/config-rule-function.ts'
import { ConfigRules } from '../constructs/config-rules.ts'
import type { InlineFunction } from '../constructs/inline-function.ts'
import { permitKey, type QueueKey, queueKeyParameter } from '../constructs/queue-key.ts'
import { SealedQueue } from '../constructs/sealed-queue.ts'
import { WorkAlarms } from '../constructs/work-alarms.ts'
import { configRuleOf } from '../derive/config-rules.ts'
import { auditorStatements, callsOf } from '../derive/permissions.ts'
import { EventFunctions, ruleList } from './event-functions.ts'
import { hubParameters, permitHub } from './hub-parameters.ts'

/** What the member template is made from: all of it values, so that a test can hand in its own. */
export interface MemberStackProps {
  /** The enabled rules of all areas. Those of an area without a function behind AWS Config are judged after events only. */
  readonly rules: readonly RuleMeta[]
  readonly permissions: readonly ReadPermission[]
  /** The bundle of each function's entry, as built. */
  readonly code: Readonly<Record<AuditedArea | EventFunction, string>>
}

/**
 * What one account and region gets: per area the auditing function, its role, and one AWS Config rule per enabled rule; the
 * functions that events lead to, and the queue of findings; alarms.
 * One self-contained template: no assets, no bootstrap, no hard-coded partition, so anyone can deploy it anywhere.
 */
export class MemberStack extends Stack {
  readonly auditors: readonly ConfigRuleFunction[]
  readonly events: EventFunctions

  constructor(scope: App, id: string, { rules, permissions, code }: MemberStackProps) {
    super(scope, id, {
      synthesizer: withoutAssets(),
      analyticsReporting: false,
      // The template carries the functions and may have 1 MB.
      suppressTemplateIndentation: true,
      description:
        'Pullpath: audits ECR, the roles that use it and the ways to it in one account and region through AWS Config rules',
    })
    const key = queueKeyParameter(this)
    const hub = hubParameters(this)
    const environment = { ...environmentParameters(this, rules), ...hub.environment }
    const { reservesConcurrency, reservedConcurrency } = concurrencyParameter(this)
    const { homeRegion, inHomeRegion } = homeRegionCondition(this)
    const publishing = publishingConditions(this, inHomeRegion)
    const setAside = failedInvocationsQueue(this, key).queue
    const failedInvocations = setAside.attrArn
    const shared = { environment, reservedConcurrency, failedInvocations }
    this.events = new EventFunctions(this, 'Events', {
      ...{ rules, permissions, code, key, homeRegion, reservesConcurrency },
      ...{ ...shared, ...publishing },
    })
    const queueUrl = Fn.conditionIf(
      publishing.publishes.logicalId,
      this.events.findingQueue.findings.queue.ref,
      '',
    ).toString()
    this.auditors = auditedAreas.map((area) => {
      const { constructId, functionName, description } = auditors[area]
      const ofArea = rules.filter((rule) => rule.area === area)
      const auditor = new ConfigRuleFunction(this, constructId, {
        ...{ functionName, description, reservedConcurrency },
        environment: { ...environment, PULLPATH_FINDINGS_QUEUE_URL: queueUrl },
        code: code[area],
        asynchronous: { ...attempts.configFunction, failedInvocations },
        statements: auditorStatements(ofArea, callsOf(area, permissions), functionName),
      })
      new ConfigRules(this, `${constructId}Rules`, { definitions: ofArea.map(configRuleOf), auditor, inHomeRegion })
      new CfnOutput(this, `${constructId}Arn`, { value: auditor.function.attrArn })
      return auditor
    })
    const { publisher, resourceChange, pullFailure } = this.events
    const functions: readonly InlineFunction[] = [...this.auditors, publisher, resourceChange, pullFailure]
    for (const queue of [setAside, this.events.undelivered.queue])
      Validations.of(queue).acknowledge(...setAsideAcknowledgements)
    for (const { role } of functions) Validations.of(role).acknowledge(...roleAcknowledgements)
    const roles = (ones: readonly InlineFunction[]) => ones.map(({ role }) => role)
    permitKey(this, key, {
      always: roles(this.auditors),
      publishing: roles([publisher, resourceChange, pullFailure]),
      ...publishing,
    })
    permitHub(this, hub, { always: roles(this.auditors), publishing: roles([resourceChange]), ...publishing })
    const { alarms } = new WorkAlarms(this, 'Alarm', publishing.publishes)
    for (const alarm of alarms) Validations.of(alarm).acknowledge(...alarmAcknowledgements)
  }
}

/** Where findings go to Security Hub; and where they do and resources of the account, such as roles, are judged. */
function publishingConditions(scope: Stack, inHomeRegion: CfnCondition) {
  const publishes = new CfnCondition(scope, 'PublishesFindings', {
    expression: Fn.conditionEquals(Fn.ref('SecurityHub'), 'on'),
  })
  const publishesAtHome = new CfnCondition(scope, 'PublishesFindingsAtHome', {
    expression: Fn.conditionAnd(publishes, inHomeRegion),
  })
  return { publishes, publishesAtHome }
}

/** Failed invocations hold their events, and those of AWS Config a token that writes results: nobody is given this queue to read. */
function failedInvocationsQueue(scope: Stack, key: QueueKey): SealedQueue {
  return new SealedQueue(scope, 'FailedInvocations', {
    queueName: queueNames.failedInvocations,
    key,
    messageRetentionPeriod: retention.deadLetters,
  })
}

/**
 * AWS Config records roles in one region of an account. Left empty every deployment counts as home: right for one region
 * by hand, four times the same finding in four regions.
 */
function homeRegionCondition(scope: Stack): { readonly homeRegion: string; readonly inHomeRegion: CfnCondition } {
  const parameter = new CfnParameter(scope, 'HomeRegion', {
    default: '',
    allowedPattern: '^([a-z]{2,5}(-[a-z]+)+-[0-9]+)?$',
    description:
      'Region whose AWS Config recorder records IAM: only there rules on roles exist. Empty: this region. Set it when deploying to several regions.',
  })
  const inHomeRegion = new CfnCondition(scope, 'InHomeRegion', {
    expression: Fn.conditionOr(
      Fn.conditionEquals(parameter.valueAsString, ''),
      Fn.conditionEquals(parameter.valueAsString, Aws.REGION),
    ),
  })
  return { homeRegion: parameter.valueAsString, inHomeRegion }
}

/** No file or image assets, no bootstrap bucket. The cast: the library's own types disagree under exactOptionalPropertyTypes. */
function withoutAssets(): IStackSynthesizer {
  return new BootstraplessSynthesizer() as IStackSynthesizer
}

/** The names `shared/runtime/environment.ts` reads. */
function environmentParameters(scope: Stack, rules: readonly RuleMeta[]): Record<string, string> {
  const settings = new CfnParameter(scope, 'Settings', {
    default: '',
    maxLength: settingsRoom(rules),
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

/** Characters of settings: the variables of a function share 4 KB, and rules that are off by default have to be named. */
function settingsRoom(rules: readonly RuleMeta[]): number {
  return limits.settings - ruleList(rules).length
}

/** Unreserved by default: accounts with a small concurrency quota refuse any reservation. */
function concurrencyParameter(scope: Stack) {
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
