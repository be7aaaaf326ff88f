import { CfnCondition, CfnParameter, type CfnParameterProps, Fn, type Stack } from 'aws-cdk-lib'
import type { AssumedRole } from '../constructs/assumed-role.ts'
import { regionPattern } from '../region-pattern.ts'

/** The hub's aggregator, in which functions look up repositories of other accounts, if there is one. */
export interface AggregatorParameters {
  readonly role: AssumedRole
  /** The variables `shared/live/aggregator-place.ts` reads: empty without an aggregator. */
  readonly environment: Readonly<Record<string, string>>
}

/** The parameters that name it. Lengths count, because the variables of a function share 4 KB. */
export function aggregatorParameters(scope: Stack): AggregatorParameters {
  const named = (id: string, props: CfnParameterProps): string =>
    new CfnParameter(scope, id, { default: '', ...props }).valueAsString
  const arn = named('AggregatorRole', {
    allowedPattern: '^(arn:[a-z-]{3,20}:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,96})?$',
    description:
      "ARN of the role that reads the hub's AWS Config aggregator, to look up repositories of other accounts. Empty: these stay unknown.",
  })
  const externalId = named('AggregatorExternalId', {
    allowedPattern: '^([A-Za-z0-9_+=,.@:/-]{2,64})?$',
    description: 'External id that role wants.',
    noEcho: true,
  })
  const aggregator = named('Aggregator', {
    allowedPattern: '^[A-Za-z0-9_-]{0,40}$',
    description: 'Name of the aggregator.',
  })
  const region = named('AggregatorRegion', {
    allowedPattern: `^(${regionPattern})?$`,
    maxLength: 24,
    description: 'Region of the aggregator. Empty: this one.',
  })
  const isGiven = new CfnCondition(scope, 'HasAggregatorRole', {
    expression: Fn.conditionNot(Fn.conditionEquals(arn, '')),
  })
  return {
    role: { isGiven, arn },
    environment: {
      PULLPATH_AGGREGATOR_ROLE: arn,
      PULLPATH_AGGREGATOR_EXTERNAL_ID: externalId,
      PULLPATH_AGGREGATOR: aggregator,
      PULLPATH_AGGREGATOR_REGION: region,
    },
  }
}
