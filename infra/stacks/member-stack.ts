import {
  type App,
  BootstraplessSynthesizer,
  CfnOutput,
  Fn,
  type IStackSynthesizer,
  aws_iam as iam,
  Stack,
  Validations,
} from 'aws-cdk-lib'
import type { Area } from '../../shared/live/function-names.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { alarmAcknowledgements, roleAcknowledgements, setAsideAcknowledgements } from '../acknowledgements.ts'
import {
  type AuditedArea,
  attempts,
  auditedAreas,
  auditors,
  deployedAreas,
  type EventFunction,
  lookingUp,
  queueNames,
  retention,
} from '../config.ts'
import { conditionsIn } from '../constructs/conditions.ts'
import { ConfigRuleFunction } from '../constructs/config-rule-function.ts'
import { ConfigRules, ruleForm } from '../constructs/config-rules.ts'
import type { InlineFunction } from '../constructs/inline-function.ts'
import { permitKey, type QueueKey, queueKeyParameter } from '../constructs/queue-key.ts'
import { RuleSets } from '../constructs/rule-sets.ts'
import { SealedQueue } from '../constructs/sealed-queue.ts'
import { statementDocument } from '../constructs/statement-document.ts'
import { trace, tracingParameter } from '../constructs/tracing.ts'
import { WorkAlarms } from '../constructs/work-alarms.ts'
import { configRuleOf } from '../derive/config-rules.ts'
import { auditorStatements, callsOf, statementsBeyond } from '../derive/permissions.ts'
import { type AggregatorParameters, aggregatorParameters } from './aggregator-parameters.ts'
import {
  concurrencyParameter,
  environmentParameters,
  homeRegionParameter,
  publishingConditions,
} from './deployment-parameters.ts'
import { EventFunctions } from './event-functions.ts'
import { hubParameters, permitHub } from './hub-parameters.ts'

/** What the member template is made from: all of it values, so that a test can hand in its own. */
export interface MemberStackProps {
  /** The rules of all areas, those that are off by default too: parameters say which of them a deployment has. */
  readonly rules: readonly RuleMeta[]
  readonly permissions: readonly ReadPermission[]
  /** The bundle of each function's entry, as built. */
  readonly code: Readonly<Record<AuditedArea | EventFunction, string>>
}

/** What the functions behind AWS Config rules have in common. */
interface AuditorParts extends MemberStackProps {
  readonly environment: Readonly<Record<string, string>>
  readonly aggregator: AggregatorParameters
  readonly reservedConcurrency: number
  readonly failedInvocations: string
  readonly sets: RuleSets
}

/**
 * What one account and region gets: per area the auditing function with its role, and the AWS Config rules; the functions that
 * events lead to, and the queue of findings; alarms.
 * One self-contained template: no assets, no bootstrap, no hard-coded partition, so anyone can deploy it anywhere.
 */
export class MemberStack extends Stack {
  readonly auditors: readonly ConfigRuleFunction[]
  readonly events: EventFunctions
  readonly configRules: ConfigRules

  constructor(scope: App, id: string, props: MemberStackProps) {
    super(scope, id, {
      synthesizer: withoutAssets(),
      analyticsReporting: false,
      // The template carries the functions and may have 1 MB.
      suppressTemplateIndentation: true,
      description:
        'Pullpath: audits ECR, the roles that use it and the ways to it in one account and region through AWS Config rules',
    })
    const conditions = conditionsIn(this)
    const key = queueKeyParameter(this)
    const hub = hubParameters(this)
    const aggregator = aggregatorParameters(this)
    const traces = tracingParameter(this)
    const { reservesConcurrency, reservedConcurrency } = concurrencyParameter(this)
    const home = homeRegionParameter(this, conditions)
    const ofDeployment = environmentParameters(this)
    const publishing = publishingConditions(conditions, home.isHere)
    const sets = new RuleSets(this, deployedAreas, { conditions, inHomeRegion: home.isHere })
    const form = ruleForm(this, conditions)
    const environment = {
      ...{ ...ofDeployment, ...hub.environment, PULLPATH_HOME_REGION: home.region },
      ...{ PULLPATH_RULE_SETS: sets.text, PULLPATH_CONFORMANCE_PACK: form.packName },
    }
    const setAside = failedInvocationsQueue(this, key).queue
    const shared = { aggregator, reservedConcurrency, failedInvocations: setAside.attrArn }
    this.events = new EventFunctions(this, 'Events', {
      ...{ ...props, ...shared, ...publishing, environment, key, reservesConcurrency },
    })
    const { publisher, resourceChange, pullFailure, findingQueue, undelivered } = this.events
    const queueUrl = Fn.conditionIf(publishing.publishes.logicalId, findingQueue.findings.queue.ref, '').toString()
    const parts = { ...props, ...shared, sets, environment: { ...environment, PULLPATH_FINDINGS_QUEUE_URL: queueUrl } }
    this.auditors = auditedAreas.map((area) => auditorOf(this, area, parts))
    this.configRules = new ConfigRules(this, 'Rules', {
      ...{ conditions, sets, form, definitions: props.rules.map(configRuleOf) },
      auditors: new Map<Area, ConfigRuleFunction>([
        ...this.auditors.map((auditor, index) => [auditedAreas[index] ?? 'ecr', auditor] as const),
        ['image', pullFailure],
      ]),
    })
    const functions: readonly InlineFunction[] = [...this.auditors, publisher, resourceChange, pullFailure]
    for (const queue of [setAside, undelivered.queue]) Validations.of(queue).acknowledge(...setAsideAcknowledgements)
    for (const { role } of functions) Validations.of(role).acknowledge(...roleAcknowledgements)
    const always = rolesOf([...this.auditors, pullFailure])
    const everyone = { always, publishing: rolesOf([publisher, resourceChange]), ...publishing }
    permitKey(this, key, everyone)
    Validations.of(trace(this, traces, functions, everyone)).acknowledge(...roleAcknowledgements)
    permitHub(this, hub, { always, publishing: [], ...publishing })
    const { alarms } = new WorkAlarms(this, 'Alarm', {
      ...{ conditions, sets, rules: props.rules, publishes: publishing.publishes },
    })
    for (const alarm of alarms) Validations.of(alarm).acknowledge(...alarmAcknowledgements)
  }
}

/** The function of an area, which may read what the rules on by default need; and more where all rules are on. */
function auditorOf(scope: Stack, area: AuditedArea, parts: AuditorParts): ConfigRuleFunction {
  const { constructId, functionName, description } = auditors[area]
  const { rules, permissions, code, aggregator, reservedConcurrency, failedInvocations } = parts
  const looksUp = lookingUp.has(area)
  const ofArea = rules.filter((rule) => rule.area === area)
  const statements = (ones: readonly RuleMeta[]) => auditorStatements(ones, callsOf(area, permissions), functionName)
  const recommended = statements(ofArea.filter(({ defaultEnabled }) => defaultEnabled))
  const auditor = new ConfigRuleFunction(scope, constructId, {
    ...{ functionName, description, reservedConcurrency, code: code[area], statements: recommended },
    environment: { ...parts.environment, ...(looksUp ? aggregator.environment : {}) },
    ...(looksUp ? { assumes: aggregator.role } : {}),
    asynchronous: { ...attempts.configFunction, failedInvocations },
  })
  const further = statementsBeyond(recommended, statements(ofArea))
  if (further.length > 0) {
    const policy = new iam.CfnPolicy(auditor, 'FurtherReads', {
      ...{ policyName: 'further-reads', roles: [auditor.role.ref] },
      policyDocument: { Version: '2012-10-17', Statement: further.map(statementDocument) },
    })
    policy.cfnOptions.condition = parts.sets.has({ area, set: 'all', homeRegionOnly: false })
    Validations.of(policy).acknowledge(...roleAcknowledgements)
  }
  new CfnOutput(scope, `${constructId}Arn`, { value: auditor.function.attrArn })
  return auditor
}

function rolesOf(functions: readonly InlineFunction[]): readonly iam.CfnRole[] {
  return functions.map(({ role }) => role)
}

/** Failed invocations hold their events, and those of AWS Config a token that writes results: nobody is given this queue to read. */
function failedInvocationsQueue(scope: Stack, key: QueueKey): SealedQueue {
  return new SealedQueue(scope, 'FailedInvocations', {
    queueName: queueNames.failedInvocations,
    key,
    messageRetentionPeriod: retention.deadLetters,
  })
}

/** No file or image assets, no bootstrap bucket. The cast: the library's own types disagree under exactOptionalPropertyTypes. */
function withoutAssets(): IStackSynthesizer {
  return new BootstraplessSynthesizer() as IStackSynthesizer
}
