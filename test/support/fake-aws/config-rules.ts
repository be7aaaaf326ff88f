// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { checkEvaluations, keepNewest } from './fake-aws.ts'
import { Refusal } from './refusal.ts'

/** AWS Config with several rules. */
export interface FakeConfigRules {
  /** Every evaluation that was taken, in order, and for which rule. */
  readonly taken: { readonly rule: string; readonly evaluation: any }[]
  /** The result token of a rule's events. */
  tokenOf(rule: string): string
  /** What is shown of a rule, by `type id`: the result with the newest ordering time. */
  shown(rule: string): ReadonlyMap<string, any>
  /** Names and ARNs of recorded resources, by `type id`: their history tells them when they are gone. */
  readonly recorded: Map<string, { readonly resourceName: string; readonly arn: string }>
  serve(operation: string, body: any): unknown
}

interface Held {
  readonly results: Map<string, any>
  /** Seconds since 1970. */
  readonly recordedAt: Map<string, number>
}

/** AWS Config without results; `now` in milliseconds since 1970. */
export function fakeConfigRules(rules: readonly string[], now: () => number): FakeConfigRules {
  const held = new Map<string, Held>(rules.map((rule) => [rule, { results: new Map(), recordedAt: new Map() }]))
  const of = (rule: string): Held => {
    const one = held.get(rule)
    if (one === undefined) throw new Refusal('NoSuchConfigRuleException')
    return one
  }
  const config: FakeConfigRules = {
    taken: [],
    recorded: new Map(),
    tokenOf: (rule) => `token of ${rule}`,
    shown: (rule) => of(rule).results,
    serve: (operation, body) => {
      switch (operation) {
        case 'PutEvaluations':
          return put(body)
        case 'GetComplianceDetailsByConfigRule':
          return details(body)
        case 'GetComplianceDetailsByResource':
          return ofResource(body)
        case 'GetResourceConfigHistory':
          return history(body)
        default:
          throw new Refusal('UnknownOperationException')
      }
    },
  }
  return config

  function put({ Evaluations = [], ResultToken }: any) {
    checkEvaluations(Evaluations)
    const rule = rules.find((one) => config.tokenOf(one) === ResultToken)
    if (rule === undefined) throw new Refusal('InvalidResultTokenException')
    const { results, recordedAt } = of(rule)
    for (const evaluation of Evaluations) {
      config.taken.push({ rule, evaluation })
      keepNewest(results, evaluation)
      const key = keyOf(evaluation)
      if (results.get(key) === evaluation) recordedAt.set(key, now() / 1000)
    }
    return { FailedEvaluations: [] }
  }

  function history({ resourceType, resourceId, laterTime }: any) {
    const named = config.recorded.get(`${resourceType} ${resourceId}`)
    if (named === undefined) throw new Refusal('ResourceNotDiscoveredException')
    const item = { ...named, resourceType, resourceId, configurationItemCaptureTime: laterTime }
    return { configurationItems: [{ ...item, configurationItemStatus: 'OK', configuration: '{}' }] }
  }

  /** What every rule shows of a resource, and before that, on a page of its own, somebody else's rule. */
  function ofResource({ ResourceType, ResourceId, ComplianceTypes, NextToken }: any) {
    const theirs = { ComplianceResourceType: ResourceType, ComplianceResourceId: ResourceId, OrderingTimestamp: 0 }
    const foreign = shownOf(
      'securityhub-rule',
      { ...theirs, ComplianceType: 'COMPLIANT' },
      new Map([[keyOf(theirs), 0]]),
    )
    if (NextToken === undefined) return { EvaluationResults: [foreign], NextToken: 'ours' }
    const results = rules.flatMap((rule) =>
      wantedOf(rule, ComplianceTypes)
        .filter((one) => one.ComplianceResourceType === ResourceType && one.ComplianceResourceId === ResourceId)
        .map((one) => shownOf(rule, one, of(rule).recordedAt)),
    )
    return { EvaluationResults: results }
  }

  /** What is not applicable is shown of the account alone. */
  function wantedOf(rule: string, types: readonly string[]): any[] {
    return [...of(rule).results.values()].filter(
      (one) =>
        types.includes(one.ComplianceType) &&
        (one.ComplianceType !== 'NOT_APPLICABLE' || one.ComplianceResourceType === 'AWS::::Account'),
    )
  }

  function details({ ConfigRuleName, ComplianceTypes, NextToken, Limit = 100 }: any) {
    const { recordedAt } = of(ConfigRuleName)
    const wanted = wantedOf(ConfigRuleName, ComplianceTypes)
    const start = Number(NextToken ?? 0)
    const end = start + Limit
    return {
      EvaluationResults: wanted.slice(start, end).map((one) => shownOf(ConfigRuleName, one, recordedAt)),
      ...(end < wanted.length ? { NextToken: String(end) } : {}),
    }
  }
}

function keyOf({ ComplianceResourceType, ComplianceResourceId }: any): string {
  return `${ComplianceResourceType} ${ComplianceResourceId}`
}

function shownOf(ConfigRuleName: string, one: any, recordedAt: ReadonlyMap<string, number>) {
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ...{ ConfigRuleName, EvaluationMode: 'DETECTIVE' },
        ...{ ResourceType: one.ComplianceResourceType, ResourceId: one.ComplianceResourceId },
      },
      OrderingTimestamp: one.OrderingTimestamp,
    },
    ComplianceType: one.ComplianceType,
    ResultRecordedTime: recordedAt.get(keyOf(one)),
    ...(one.Annotation === undefined ? {} : { Annotation: one.Annotation }),
  }
}
