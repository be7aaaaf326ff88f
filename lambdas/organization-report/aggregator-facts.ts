import { globalRegion, isOrganizationType } from '../../shared/inventory/recordable-types.ts'
import { foreignRepositories } from '../../shared/live/foreign-repositories.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { readAggregator } from '../../shared/sources/config-query/read-aggregator.ts'
import type { ConfigReader } from '../../shared/sources/config-query/reader.ts'
import { foreignLookUp } from '../../shared/sources/foreign-repositories/look-up.ts'
import { coverageOf, failureOf, joinReadings, type Reading, unlisted } from '../../shared/sources/reading.ts'
import type { ContextQuestion } from './context-places.ts'
import { type Found, factsOf } from './facts.ts'
import { fail } from './problems.ts'
import { callTimeout, homeRegionOf, type Run } from './run.ts'

/** What is read for a verdict: `ofAccount` in the other regions of the run, where what belongs to the account is judged. */
export interface AggregatorQuestion extends Pick<ContextQuestion, 'regions' | 'wanted' | 'ofAccount'> {
  readonly run: Run
}

/**
 * Reads what the aggregator holds of an account and region, and of repositories elsewhere that its images come from. What AWS
 * Config does not record is in no aggregator: such types are unknown.
 * @throws PassingProblem when trying again may help
 */
export async function aggregatorFacts(own: Scope, question: AggregatorQuestion): Promise<Found> {
  const { run, wanted } = question
  const { parts, environment, startedAt, signal } = run
  const client = parts.config(run.own.region)
  const { accountId, region } = own
  const reader: ConfigReader = { accountId, region, readAt: startedAt, signal, callTimeout, client }
  const types = [...wanted].filter((type) => !isOrganizationType(type))
  const places = [own, { accountId, region: globalRegion }].map((place) => ({ accountId, region: place.region }))
  const answer = await readAggregator(reader, environment.aggregator, types, places)
  if (answer.state === 'absent') return none('unreadable', `there is no aggregator ${environment.aggregator}`)
  if (answer.state === 'unknown') {
    return answer.transience === 'passing' ? fail('the aggregator', answer) : none('unreadable', answer.reason)
  }
  const mine = answer.value.scopes
  const reading = joinReadings(mine.map((scope) => scope.reading))
  const judged = joinReadings(mine.filter((scope) => isJudgedHere(scope, own, run)).map((scope) => scope.reading))
  const isEmpty = judged.coverage.every(({ status }) => status === 'unknown')
  if (isEmpty) return none('not-collected', reasonIn(judged))
  const foreign = await foreignOf(run).alongside(reader, types, reading)
  const others = await elsewhere(reader, environment.aggregator, question)
  const readings = [...mine, { ...own, reading: foreign }, ...others]
  const coverage = readings.flatMap((scope) => coverageOf(scope.reading, scope))
  const items = readings.flatMap((scope) => scope.reading.items)
  return { evidence: { source: 'aggregator' }, facts: factsOf(items, coverage) }
}

/** What belongs to the account is judged at home: elsewhere, to know nothing else is to know nothing. */
function isJudgedHere({ region }: Scope, own: Scope, run: Run): boolean {
  return region === own.region || own.region === homeRegionOf(run)
}

/** What in the other regions uses what belongs to the account. Nothing else of them is known. */
async function elsewhere(reader: ConfigReader, aggregator: string, { ofAccount, regions }: AggregatorQuestion) {
  const { accountId } = reader
  const places = regions.filter((name) => name !== reader.region).map((region) => ({ accountId, region }))
  if (places.length === 0 || ofAccount.size === 0) return []
  const answer = await readAggregator(reader, aggregator, [...ofAccount], places)
  if (answer.state === 'known') return answer.value.scopes
  const failure = failureOf(answer)
  if (failure.transience === 'passing') fail('the aggregator', failure)
  return places.map((place) => ({ ...place, reading: unlisted({ ...reader, ...place }, [...ofAccount], failure) }))
}

function reasonIn({ coverage }: Reading): string {
  const reasons = coverage.flatMap(({ reason }) => reason ?? [])
  return (
    reasons.find((reason) => reason.startsWith('the aggregator')) ?? reasons[0] ?? 'the aggregator holds nothing of it'
  )
}

function none(kind: 'unreadable' | 'not-collected', reason: string): Found {
  return { evidence: { source: 'none', class: kind, reason } }
}

/** The function is in the aggregator's own account: it needs no other role. */
function foreignOf({ parts, own, environment }: Run) {
  const opened = { state: 'open', client: parts.config(own.region), aggregator: environment.aggregator } as const
  return foreignRepositories(foreignLookUp(async () => opened))
}
