import { Aws, type CfnCondition, Fn, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { permissions as ofPullFailure } from '../../shared/live/pull-failure-permissions.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { permissions as ofImages } from '../../shared/sources/ecr-images/permissions.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { attempts, type EventFunction, eventFunctions, findingDelivery, queueNames, retention } from '../config.ts'
import { EventRules, eventRuleName } from '../constructs/event-rules.ts'
import { FindingQueue } from '../constructs/finding-queue.ts'
import { InlineFunction, type InlineFunctionProps } from '../constructs/inline-function.ts'
import { onlyIf } from '../constructs/only-if.ts'
import type { QueueKey } from '../constructs/queue-key.ts'
import { SealedQueue } from '../constructs/sealed-queue.ts'
import { substituted } from '../constructs/statement-document.ts'
import { eventRulesOf } from '../derive/event-patterns.ts'
import { publisherStatements, pullFailureStatements, resourceChangeStatements } from '../derive/permissions.ts'
import { pullEventRules } from '../derive/pull-event-rules.ts'

/** What the event side of a deployment is made from. */
export interface EventFunctionsProps {
  /** The enabled rules of all areas, those without a Config rule too. */
  readonly rules: readonly RuleMeta[]
  readonly permissions: readonly ReadPermission[]
  readonly code: Readonly<Record<EventFunction, string>>
  /** Variables of the deployment, and those of a hub. */
  readonly environment: Readonly<Record<string, string>>
  readonly homeRegion: string
  /** ARN of the queue of invocations that failed every time. */
  readonly failedInvocations: string
  readonly key: QueueKey
  /** A number or token, as for the functions behind Config rules. */
  readonly reservedConcurrency: number
  readonly reservesConcurrency: CfnCondition
  /** Where findings go to Security Hub: everything here exists there only. */
  readonly publishes: CfnCondition
  readonly publishesAtHome: CfnCondition
}

/**
 * What writes to Security Hub only: finding-publisher with its queue, and the functions that events lead to. An account without
 * Security Hub has none of it; its AWS Config rules work the same.
 */
export class EventFunctions extends Construct {
  readonly publisher: InlineFunction
  readonly resourceChange: InlineFunction
  readonly pullFailure: InlineFunction
  readonly findingQueue: FindingQueue
  readonly undelivered: SealedQueue

  constructor(scope: Construct, id: string, props: EventFunctionsProps) {
    super(scope, id)
    this.publisher = publisher(this, props)
    this.findingQueue = new FindingQueue(this, 'FindingQueue', { publisher: this.publisher, key: props.key })
    const environment = { ...props.environment, PULLPATH_FINDINGS_QUEUE_URL: this.findingQueue.findings.queue.ref }
    this.resourceChange = resourceChange(this, props, environment)
    this.pullFailure = pullFailure(this, props, environment)
    const changes = changeRules(props)
    const pulls = pullRules()
    const names = [...changes, ...pulls].map(({ name }) => eventRuleName(name))
    this.undelivered = undeliveredEvents(this, props.key, names)
    const undelivered = queueNames.undeliveredEvents
    new EventRules(this, 'Changes', { definitions: changes, target: this.resourceChange, undelivered })
    new EventRules(this, 'Pulls', { definitions: pulls, target: this.pullFailure, undelivered })
    onlyIf(props.publishes, this)
  }
}

function changeRules({ rules, publishesAtHome }: EventFunctionsProps) {
  return eventRulesOf(rules).map(({ homeRegionOnly, ...rule }) => ({
    ...rule,
    description: `Successful calls and scans after which a ${homeRegionOnly ? 'role or zone' : 'resource'} is judged again by pullpath`,
    condition: homeRegionOnly ? publishesAtHome : undefined,
  }))
}

function pullRules() {
  const description = 'Pulls of images that failed, or that show that they work again, for pullpath'
  return pullEventRules().map((rule) => ({ ...rule, description }))
}

/** Its ceiling is the poller's; the queue would count what a lower one refused as failures of the messages. */
function publisher(scope: Construct, { code, reservesConcurrency }: EventFunctionsProps): InlineFunction {
  const reserved = Fn.conditionIf(reservesConcurrency.logicalId, findingDelivery.maximumConcurrency, Aws.NO_VALUE)
  const { functionName } = eventFunctions.publisher
  return functionOf(scope, 'publisher', {
    ...{ code: code.publisher, statements: publisherStatements(functionName), environment: {} },
    reservedConcurrency: Token.asNumber(reserved),
  })
}

function resourceChange(
  scope: Construct,
  props: EventFunctionsProps,
  environment: Readonly<Record<string, string>>,
): InlineFunction {
  const { rules, permissions, code, homeRegion } = props
  const { functionName } = eventFunctions.resourceChange
  return functionOf(scope, 'resourceChange', {
    ...asynchronousPart(props),
    code: code.resourceChange,
    statements: resourceChangeStatements(rules, [...permissions, ...ofImages], functionName),
    environment: { ...environment, PULLPATH_RULES: ruleList(rules), PULLPATH_HOME_REGION: homeRegion },
  })
}

/** Settings files are not read by this function. */
function pullFailure(
  scope: Construct,
  props: EventFunctionsProps,
  environment: Readonly<Record<string, string>>,
): InlineFunction {
  const { functionName } = eventFunctions.pullFailure
  const used = ['ORGANIZATION_ID', 'TRUSTED_ACCOUNTS', 'SECURITY_HUB', 'FINDINGS_QUEUE_URL'].map(
    (name) => `PULLPATH_${name}`,
  )
  return functionOf(scope, 'pullFailure', {
    ...asynchronousPart(props),
    code: props.code.pullFailure,
    statements: pullFailureStatements(ofPullFailure, functionName),
    environment: Object.fromEntries(Object.entries(environment).filter(([name]) => used.includes(name))),
  })
}

function functionOf(
  scope: Construct,
  which: EventFunction,
  props: Omit<InlineFunctionProps, 'functionName' | 'description' | 'timeoutSeconds'>,
): InlineFunction {
  const { constructId, functionName, description, timeoutSeconds } = eventFunctions[which]
  return new InlineFunction(scope, constructId, { functionName, description, timeoutSeconds, ...props })
}

function asynchronousPart({ failedInvocations, reservedConcurrency }: EventFunctionsProps) {
  return { reservedConcurrency, asynchronous: { ...attempts.eventFunction, failedInvocations } }
}

function undeliveredEvents(scope: Construct, key: QueueKey, ruleNames: readonly string[]): SealedQueue {
  return new SealedQueue(scope, 'UndeliveredEvents', {
    queueName: queueNames.undeliveredEvents,
    key,
    messageRetentionPeriod: retention.deadLetters,
    eventRules: ruleNames.map((name) => substituted(ruleArn(name))),
  })
}

function ruleArn(name: string): string {
  return `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/${name}`
}

/**
 * Empty when the enabled rules are those that are on by default, because the variables of a function may have 4 KB, settings
 * included, and the function knows the defaults itself.
 */
export function ruleList(rules: readonly RuleMeta[]): string {
  return rules.every(({ defaultEnabled }) => defaultEnabled) ? '' : rules.map(({ id }) => id).join(',')
}
