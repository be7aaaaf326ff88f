// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { FakeAws } from './fake-aws.ts'
import { Refusal } from './refusal.ts'

/** What the account shows of one Config rule. Times are seconds since 1970, as on the wire. */
export interface FakeCompliance {
  readonly ruleName: string
  /** `type id` to when a result was recorded; a minute after its ordering time when missing. */
  readonly recordedAt: Map<string, number>
  /** Which results that are NOT_APPLICABLE are still shown, by the type of their resource; that of the account unless told. */
  keeps: (type: string) => boolean
  /** Entries of a page. */
  pageSize: number
}

/** The same besides the results of others: of a conformance pack, or on a resource. */
export interface FakePack extends FakeCompliance {
  /** Evaluations of another rule, of the pack and on resources. */
  readonly others: any[]
}

const accountType = 'AWS::::Account'
const mostOfPage = 100

/** Serves GetComplianceDetailsByConfigRule, and the same by resource, from what PutEvaluations stored in the account. */
export function serveCompliance(fake: FakeAws, ruleName = 'pullpath-probe'): FakePack {
  const state: FakePack = { ...stateOf(ruleName), others: [] }
  serveByResource(fake, state)
  fake.state.services.set('config:GetComplianceDetailsByConfigRule', (_operation, body: any) => {
    if (body.ConfigRuleName.length > 64) throw new Refusal('ValidationException')
    if (body.ConfigRuleName !== ruleName) throw new Refusal('NoSuchConfigRuleException')
    return paged('EvaluationResults', shownBy(fake, state, body.ComplianceTypes), state, body)
  })
  return state
}

/**
 * Serves the results of a rule of a conformance pack from what PutEvaluations stored: by the pack, which knows no NOT_APPLICABLE,
 * and by resource, which takes no limit of a page.
 */
export function servePack(fake: FakeAws, pack: string, ruleName: string): FakePack {
  const state: FakePack = { ...stateOf(ruleName), others: [] }
  fake.state.services.set('config:GetConformancePackComplianceDetails', (_operation, body: any) => {
    if (body.ConformancePackName !== pack) throw new Refusal('NoSuchConformancePackException')
    if (body.Filters?.ConfigRuleNames?.some((name: string) => name.length > 64))
      throw new Refusal('ValidationException')
    const types = ['COMPLIANT', 'NON_COMPLIANT']
    const wanted = body.Filters?.ResourceType
    const all = [...othersBy(state, types), ...shownBy(fake, state, types)]
    const results = all.filter((one) => wanted === undefined || place(one).ResourceType === wanted)
    return { ConformancePackName: pack, ...paged('ConformancePackRuleEvaluationResults', results, state, body) }
  })
  serveByResource(fake, state)
  return state
}

function serveByResource(fake: FakeAws, state: FakePack): void {
  fake.state.services.set('config:GetComplianceDetailsByResource', (_operation, body: any) => {
    if ('Limit' in body) throw new Refusal('ValidationException')
    const all = [...othersBy(state, body.ComplianceTypes), ...shownBy(fake, state, body.ComplianceTypes)]
    const isAsked = (one: any) =>
      place(one).ResourceType === body.ResourceType && place(one).ResourceId === body.ResourceId
    return paged('EvaluationResults', all.filter(isAsked), state, body)
  })
}

const place = (one: any) => one.EvaluationResultIdentifier.EvaluationResultQualifier

function othersBy(state: FakePack, types: readonly string[]): any[] {
  return state.others
    .filter((one) => types.includes(one.ComplianceType))
    .map((one) => shownOf({ ...state, ruleName: `another-${state.ruleName}` }, '', one))
}

function stateOf(ruleName: string): FakeCompliance {
  return { ruleName, recordedAt: new Map(), keeps: (type) => type === accountType, pageSize: mostOfPage }
}

function shownBy(fake: FakeAws, state: FakeCompliance, types: readonly string[]): any[] {
  return [...fake.compliance]
    .filter(([, one]) => types.includes(one.ComplianceType))
    .filter(([, one]) => one.ComplianceType !== 'NOT_APPLICABLE' || state.keeps(one.ComplianceResourceType))
    .map(([key, one]) => shownOf(state, key, one))
}

function paged(field: string, results: readonly any[], { pageSize }: FakeCompliance, body: any): object {
  const start = Number(body.NextToken ?? 0)
  const end = start + Math.min(pageSize, body.Limit ?? mostOfPage)
  return { [field]: results.slice(start, end), ...(end < results.length ? { NextToken: String(end) } : {}) }
}

function shownOf({ ruleName, recordedAt }: FakeCompliance, key: string, one: any) {
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ...{ ConfigRuleName: ruleName, EvaluationMode: 'DETECTIVE' },
        ...{ ResourceType: one.ComplianceResourceType, ResourceId: one.ComplianceResourceId },
      },
      OrderingTimestamp: one.OrderingTimestamp,
    },
    ComplianceType: one.ComplianceType,
    ConfigRuleInvokedTime: one.OrderingTimestamp,
    ResultRecordedTime: recordedAt.get(key) ?? one.OrderingTimestamp + 60,
    ...(one.Annotation === undefined ? {} : { Annotation: one.Annotation }),
  }
}
