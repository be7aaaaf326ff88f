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

/** Serves GetComplianceDetailsByConfigRule from what PutEvaluations stored in the account. */
export function serveCompliance(fake: FakeAws, ruleName = 'pullpath-probe'): FakeCompliance {
  const state: FakeCompliance = {
    ruleName,
    recordedAt: new Map(),
    keeps: (type) => type === 'AWS::::Account',
    pageSize: 100,
  }
  fake.state.services.set('config:GetComplianceDetailsByConfigRule', (_operation, body: any) => {
    if (body.ConfigRuleName.length > 64) throw new Refusal('ValidationException')
    if (body.ConfigRuleName !== ruleName) throw new Refusal('NoSuchConfigRuleException')
    const wanted = new Set(body.ComplianceTypes)
    const results = [...fake.compliance]
      .filter(([, one]) => wanted.has(one.ComplianceType))
      .filter(([, one]) => one.ComplianceType !== 'NOT_APPLICABLE' || state.keeps(one.ComplianceResourceType))
      .map(([key, one]) => shownOf(state, key, one))
    const start = Number(body.NextToken ?? 0)
    const end = start + Math.min(state.pageSize, body.Limit ?? 100)
    return { EvaluationResults: results.slice(start, end), ...(end < results.length ? { NextToken: String(end) } : {}) }
  })
  return state
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
    ResultRecordedTime: recordedAt.get(key) ?? one.OrderingTimestamp + 60,
    ...(one.Annotation === undefined ? {} : { Annotation: one.Annotation }),
  }
}
