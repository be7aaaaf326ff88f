import { aws_events as events, aws_lambda as lambda } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { attempts } from '../config.ts'
import { InlineFunction } from '../constructs/inline-function.ts'
import { organizationFunction, organizationSchedule, publishedPrefix } from '../hub-config.ts'
import { organizationStatements } from './permissions.ts'

/** What pullpath-organization is made from. */
export interface OrganizationPublisherProps {
  /** The bundle of its entry, as built. */
  readonly code: string
  /** Name of the bucket. */
  readonly bucket: string
  /** Key of the settings that people edit. */
  readonly settingsKey: string
  /** ARN of the queue of what failed every time. */
  readonly failedInvocations: string
  /** A number, or a token that leaves concurrency unreserved. */
  readonly reservedConcurrency: number
}

/** The function that publishes the organization and the settings every hour. */
export class OrganizationPublisher extends Construct {
  readonly publisher: InlineFunction
  readonly schedule: events.CfnRule

  constructor(scope: Construct, id: string, props: OrganizationPublisherProps) {
    super(scope, id)
    const { constructId, functionName, description, timeoutSeconds } = organizationFunction
    const { code, bucket, settingsKey, failedInvocations, reservedConcurrency } = props
    this.publisher = new InlineFunction(this, constructId, {
      ...{ functionName, description, timeoutSeconds, code, reservedConcurrency },
      statements: organizationStatements(),
      environment: {
        PULLPATH_HUB_BUCKET: bucket,
        PULLPATH_HUB_PREFIX: publishedPrefix,
        PULLPATH_SETTINGS_SOURCE: settingsKey,
      },
      asynchronous: { ...attempts.eventFunction, failedInvocations },
    })
    this.schedule = hourly(this, this.publisher.function, failedInvocations)
  }
}

function hourly(scope: Construct, target: lambda.CfnFunction, undelivered: string): events.CfnRule {
  const { name, expression } = organizationSchedule
  const rule = new events.CfnRule(scope, 'Hourly', {
    ...{ name, scheduleExpression: expression, state: 'ENABLED' },
    description: `Invokes ${organizationFunction.functionName}`,
    targets: [
      {
        id: 'function',
        arn: target.attrArn,
        deadLetterConfig: { arn: undelivered },
        retryPolicy: attempts.eventTarget,
      },
    ],
  })
  new lambda.CfnPermission(scope, 'MayInvoke', {
    action: 'lambda:InvokeFunction',
    functionName: target.attrArn,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  })
  return rule
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const rulePrefix = 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/'

/** ARN of the rule in the spelling of `Fn::Sub`, before it is there: for the policy of the queue. */
export const organizationScheduleArn = `${rulePrefix}${organizationSchedule.name}`
