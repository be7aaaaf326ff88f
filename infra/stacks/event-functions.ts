import { Aws, type CfnCondition, Fn, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { permissions as ofPullFailure } from '../../shared/live/pull-failure-permissions.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { permissions as ofImages } from '../../shared/sources/ecr-images/permissions.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { attempts, type EventFunction, eventFunctions, findingDelivery, queueNames, retention } from '../config.ts'
import { ConfigRuleFunction } from '../constructs/config-rule-function.ts'
import { EventRules, eventRuleName } from '../constructs/event-rules.ts'
import { FindingQueue } from '../constructs/finding-queue.ts'
import { InlineFunction, type InlineFunctionProps } from '../constructs/inline-function.ts'
import { onlyIf } from '../constructs/only-if.ts'
import type { QueueKey } from '../constructs/queue-key.ts'
import { SealedQueue } from '../constructs/sealed-queue.ts'
import { substituted } from '../constructs/statement-document.ts'
import { eventRulesOf } from '../derive/event-patterns.ts'
import { callsOf, publisherStatements, pullFailureStatements, resourceChangeStatements } from '../derive/permissions.ts'
import { pullEventRules } from '../derive/pull-event-rules.ts'
import type { AggregatorParameters } from './aggregator-parameters.ts'

/** What the event side of a deployment is made from. */
export interface EventFunctionsProps {
  /** The rules of all areas, whichever of them parameters switch on. */
  readonly rules: readonly RuleMeta[]
  readonly permissions: readonly ReadPermission[]
  readonly code: Readonly<Record<EventFunction, string>>
  /** Variables of the deployment, its home region among them, and those of a hub. */
  readonly environment: Readonly<Record<string, string>>
  /** ARN of the queue of invocations that failed every time. */
  readonly failedInvocations: string
  readonly key: QueueKey
  /** A number or token, as for the functions behind Config rules. */
  readonly reservedConcurrency: number
  readonly reservesConcurrency: CfnCondition
  /** Where findings go to Security Hub: everything here but pull-failure exists there only. */
  readonly publishes: CfnCondition
  readonly publishesAtHome: () => CfnCondition
  readonly aggregator: AggregatorParameters
}

/**
 * What writes to Security Hub only: finding-publisher with its queue, and what events lead to. An account without Security Hub has
 * none of it but pull-failure, which AWS Config invokes as well; its AWS Config rules work the same.
 */
export class EventFunctions extends Construct {
  readonly publisher: InlineFunction
  readonly resourceChange: InlineFunction
  /** AWS Config invokes it, too: it judges the rules on images. */
  readonly pullFailure: ConfigRuleFunction
  readonly findingQueue: FindingQueue
  readonly undelivered: SealedQueue

  constructor(scope: Construct, id: string, props: EventFunctionsProps) {
    super(scope, id)
    this.publisher = publisher(this, props)
    this.findingQueue = new FindingQueue(this, 'FindingQueue', { publisher: this.publisher, key: props.key })
    this.resourceChange = resourceChange(this, props, props.environment)
    // Beside all that: it judges the rules on images for AWS Config wherever findings go.
    const queueUrl = Fn.conditionIf(props.publishes.logicalId, this.findingQueue.findings.queue.ref, '').toString()
    this.pullFailure = pullFailure(scope, props, { ...props.environment, PULLPATH_FINDINGS_QUEUE_URL: queueUrl })
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
    condition: homeRegionOnly ? publishesAtHome() : undefined,
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
    ...{ code: code.publisher, statements: publisherStatements(functionName) },
    // Not from the queue itself, which is made after the function it feeds.
    environment: { PULLPATH_FINDING_DEAD_LETTERS_URL: queueUrl(queueNames.findingDeadLetters) },
    reservedConcurrency: Token.asNumber(reserved),
  })
}

function queueUrl(queueName: string): string {
  return `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${queueName}`
}

/** It judges nothing: of the environment it needs what says which rules there are, and where. */
function resourceChange(
  scope: Construct,
  props: EventFunctionsProps,
  environment: Readonly<Record<string, string>>,
): InlineFunction {
  const { functionName } = eventFunctions.resourceChange
  const used = ['PULLPATH_RULE_SETS', 'PULLPATH_HOME_REGION']
  return functionOf(scope, 'resourceChange', {
    ...asynchronousPart(props),
    code: props.code.resourceChange,
    statements: resourceChangeStatements(functionName),
    environment: Object.fromEntries(Object.entries(environment).filter(([name]) => used.includes(name))),
  })
}

function pullFailure(
  scope: Construct,
  props: EventFunctionsProps,
  environment: Readonly<Record<string, string>>,
): ConfigRuleFunction {
  const { constructId, functionName, description, timeoutSeconds } = eventFunctions.pullFailure
  const rules = props.rules.filter(({ area }) => area === 'image')
  const sources = callsOf('image', [...props.permissions, ...ofImages])
  const { failedInvocations, reservedConcurrency, aggregator, code } = props
  return new ConfigRuleFunction(scope, constructId, {
    ...{ functionName, description, timeoutSeconds, reservedConcurrency, code: code.pullFailure },
    statements: pullFailureStatements(rules, sources, ofPullFailure, functionName),
    assumes: aggregator.role,
    environment: { ...environment, ...aggregator.environment },
    // As for every function that AWS Config invokes.
    asynchronous: { ...attempts.configFunction, failedInvocations },
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
