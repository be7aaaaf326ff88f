import type { ChangedResource } from '../../shared/events/audit-request.ts'
import { decideOne } from '../../shared/live/decide-one.ts'
import { type Decision, everywhere, type Ground, gone, unread } from '../../shared/live/decision.ts'
import { statedFinding } from '../../shared/live/judge.ts'
import { judgeTagged } from '../../shared/live/judge-tagged.ts'
import { judgedRef, readBeside } from '../../shared/live/live.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { type JsonObject, ownString } from '../../shared/model/json.ts'
import { configResourceOf } from '../../shared/sinks/config/evaluations.ts'
import type { PreviousResult, PreviousResults } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { resultKey } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { NoHistoryItem } from '../../shared/sources/config-history/read-history-item.ts'
import { errorName } from '../../shared/sources/failure.ts'
import { forEachConcurrently, joinReadings } from '../../shared/sources/reading.ts'
import { placed } from './placed.ts'

const vpcType = 'AWS::EC2::VPC'
const CONCURRENCY = 4

/** What looking at single resources gave: `left` are those there was no time for. */
export interface Looked extends Decision {
  readonly left: readonly ChangedResource[]
  /** How many could be looked at and not be decided: nothing is said about them. */
  readonly failed: number
}

/** The type under which AWS Config shows the verdicts on a judged type. */
export function shownType(judges: string): string {
  return judges === 'AWS::EKS::Nodegroup' ? 'AWS::EKS::Cluster' : judges
}

/** Results of before on resources of the judged types that a listing did not bring. */
export function missingFrom(
  findings: readonly Finding[],
  before: PreviousResults,
  judged: readonly string[],
): readonly PreviousResult[] {
  const listed = new Set(findings.map(keyOf))
  return ofTypes(before, judged).filter(({ type, id }) => !listed.has(resultKey(type, id)))
}

/** True of a listing with fewer than half of the resources of before, when there were at least five. */
export function isSuspicious(
  findings: readonly Finding[],
  before: PreviousResults,
  judged: readonly string[],
): boolean {
  const known = ofTypes(before, judged).length
  return known >= 5 && new Set(findings.map(keyOf)).size < known / 2
}

function keyOf({ resource }: Finding): string {
  const { type, id } = configResourceOf(resource)
  return resultKey(type, id)
}

function ofTypes(before: PreviousResults, judged: readonly string[]): readonly PreviousResult[] {
  const shown = new Set(judged.map(shownType))
  return [...before.values()].filter(({ type, compliance }) => shown.has(type) && compliance !== 'NOT_APPLICABLE')
}

/** The resource of a result, as it can be looked at; undefined when its id does not tell, or it is not judged one by one. */
export function plainly(result: PreviousResult, ground: Ground): ChangedResource | undefined {
  const resource = placed(result, ground)
  return isLookable(resource, ground) ? resource : undefined
}

/**
 * IAM finds no role by its id: AWS Config says what it was called, which only tells us where to look. `unread` when it cannot say
 * so: taken back on AWS Config alone, the finding in Security Hub would be forgotten.
 */
export async function byHistory(
  result: PreviousResult,
  ground: Ground,
): Promise<ChangedResource | 'unread' | undefined> {
  if (result.type !== ground.selected.rule.judges) return undefined
  const resource = placed(result, ground)
  const item = await historyOf(resource, ground)
  if (item === 'unread') return item
  const named = { ...resource, arn: ownString(item, 'arn'), name: ownString(item, 'resourceName') }
  return isLookable(named, ground) ? named : undefined
}

/** Nothing when AWS Config says that it has no item. */
async function historyOf(resource: ChangedResource, { historyItem }: Ground): Promise<JsonObject | 'unread'> {
  try {
    return await historyItem(resource)
  } catch (error) {
    const isNone = error instanceof NoHistoryItem || errorName(error) === 'ResourceNotDiscoveredException'
    return isNone ? {} : 'unread'
  }
}

/** True when the resource is judged one by one and named well enough to be found. */
export function isLookable(resource: ChangedResource, { view }: Ground): boolean {
  try {
    judgedRef(view, resource)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** Looks at each resource and decides about it, as long as there is time. */
export async function lookAtEach(
  resources: readonly ChangedResource[],
  ground: Ground,
  isTimeUp: () => boolean,
): Promise<Looked> {
  const decisions: Decision[] = []
  const left: ChangedResource[] = []
  let failed = 0
  await forEachConcurrently(resources, CONCURRENCY, async (resource) => {
    const decision = isTimeUp() ? 'late' : await decided(resource, ground)
    if (decision === 'failed') failed += 1
    // What failed to be read because the time was up is not a failure.
    else if (decision === 'late' || (isTimeUp() && isPassing(decision))) left.push(resource)
    else decisions.push(decision)
  })
  return {
    config: decisions.flatMap(({ config }) => config),
    securityHub: decisions.flatMap(({ securityHub }) => securityHub),
    left,
    failed,
  }
}

function isPassing({ config }: Decision): boolean {
  return config.some(({ transience }) => transience === 'passing')
}

/** One resource that cannot be judged must not keep the others from it. */
async function decided(resource: ChangedResource, ground: Ground): Promise<Decision | 'failed'> {
  try {
    return resource.type === vpcType
      ? await decideMissingVpc(resource, ground)
      : await decideOne(resource, undefined, ground)
  } catch {
    return 'failed'
  }
}

/** A VPC is judged with its network, or not at all. */
async function decideMissingVpc(resource: ChangedResource, { selected, view }: Ground): Promise<Decision> {
  const ref = judgedRef(view, resource)
  const { rule } = selected
  const seen = await view.vpcs?.read(view.reader, ref.id, [vpcType, ...rule.reads])
  if (seen === undefined) throw new Error('this function sees no VPCs')
  if (seen.state === 'gone') return gone(selected, ref)
  if (seen.state === 'unknown') return everywhere([unread(selected, ref, seen.gaps)])
  const reading = joinReadings([seen.reading, await readBeside(view, rule, seen.reading)])
  const { findings } = await judgeTagged(selected, view, reading, ({ type, id }) => type === vpcType && id === ref.id)
  if (findings.length === 0) throw new Error(`no verdict on ${ref.arn}`)
  return everywhere(findings)
}

/** The result of a resource that only listings show. Its ARN is not known, so Security Hub cannot be told of it. */
export function unlistedFinding({ type, id }: PreviousResult, { selected, view }: Ground): Finding {
  const { accountId, region } = view.reader
  return statedFinding(
    selected,
    { type, id, arn: id, accountId, region },
    { compliance: 'NOT_APPLICABLE', reason: 'The resource is gone.' },
  )
}
