import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { SweepCursor } from '../../shared/events/sweep-follow-up.ts'
import type { Decision, Ground } from '../../shared/live/decision.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { type PreviousResults, resultKey } from '../../shared/sources/config-compliance/evaluation-result.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import { isLookable, lookAtEach } from './absences.ts'
import { type Ahead, aheadNote, onlyAhead } from './ahead.ts'
import { uncompared } from './comparison.ts'
import { type Absent, absentSince } from './gone.ts'
import { placed } from './placed.ts'
import { isBad, summaryOf, survey, unlistedAccount } from './sweep.ts'

/** What a sweep needs besides its ground. */
export interface SweepCourse {
  readonly before: Answer<PreviousResults>
  /** What changes have told Security Hub and AWS Config does not know of. */
  readonly ahead: Ahead
  /** True when no new work may begin. */
  readonly isTimeUp: () => boolean
  /** The same ground for a reading that is not the first one's. */
  readonly groundAnew: () => Ground
}

/** What a sweep has found. */
export interface Swept extends Decision {
  /** The verdict on the account itself, which says that the sweep is done; missing when something is left. */
  readonly summary?: readonly Finding[]
  readonly left: readonly ChangedResource[]
  /** Resources this sweep will not come to. */
  readonly dropped: number
  /** Resources that were judged, by this invocation and those it continues. */
  readonly judged: number
  /** What the account's verdict has to add. */
  readonly note: string
}

/** The scheduled sweep of an account and region. */
export async function scheduledSweep(ground: Ground, course: SweepCourse): Promise<Swept> {
  const found = await survey(ground)
  const note = sentences([notCompared(course), aheadNote(course.ahead)])
  const done = { left: [], dropped: 0, judged: found.findings.length, note }
  if (ground.selected.rule.judges === 'AWS::::Account') {
    return { ...done, config: [], securityHub: [], summary: found.findings }
  }
  if (found.unlisted !== undefined) {
    const bad = found.findings.filter(isBad)
    return { ...done, config: bad, securityHub: bad, summary: [unlistedAccount(ground, found.unlisted)] }
  }
  const before = course.before.state === 'known' ? course.before.value : undefined
  const listed = asShown(found.findings, before)
  const empty = asShown(found.empty, before)
  const { findings, left } = withoutLate(listed, ground, course)
  const absent = before ? await absentSince(before, [...listed, ...empty], ground, course) : nothingAbsent
  const told = [...listed, ...empty, ...absent.securityHub]
  const looked = await lookAtEach(onlyAhead(course.ahead, told, ground), ground, course.isTimeUp)
  const swept = {
    config: [...findings, ...empty, ...absent.config, ...looked.config],
    securityHub: onceEach([...findings, ...absent.securityHub, ...looked.securityHub]),
    left: [...left, ...absent.left, ...looked.left],
    judged: onceEach(findings).length,
    note: sentences([note, absent.note, looked.failed === 0 ? '' : notLookedAt(looked.failed)]),
  }
  return closed(swept, 0, ground)
}

function sentences(all: readonly string[]): string {
  return all.filter((text) => text !== '').join(' ')
}

function notLookedAt(count: number): string {
  return `${count} findings of changes could neither be confirmed nor taken back.`
}

const nothingAbsent: Absent = { config: [], securityHub: [], left: [], failed: 0, note: '' }

/** Goes on with what the invocation before had no time for. */
export async function continuedSweep(cursor: SweepCursor, ground: Ground, course: SweepCourse): Promise<Swept> {
  const { rule } = ground.selected
  const resources = cursor.left.map(({ type = rule.judges, ...named }) => placed({ type, ...named }, ground))
  const looked = await lookAtEach(resources, ground, course.isTimeUp)
  const { config, securityHub, left, failed } = looked
  const judged = cursor.judged + config.length
  return closed({ config, securityHub, left, judged, note: cursor.note }, cursor.dropped + failed, ground)
}

/** A sweep that has left nothing says so on the account. */
function closed(swept: Omit<Swept, 'dropped'>, dropped: number, ground: Ground): Swept {
  if (swept.left.length > 0 || dropped > 0) return { ...swept, dropped }
  return { ...swept, dropped, summary: [summaryOf(ground, swept.judged, swept.note)] }
}

/** The findings under the ids by which AWS Config shows their resources: an event may have named one by its ARN. */
export function asShown(findings: readonly Finding[], before: PreviousResults | undefined): readonly Finding[] {
  return findings.flatMap((finding) => {
    const { type, id, arn } = finding.resource
    const ids = [...new Set([id, arn])].filter((one) => before?.has(resultKey(type, one)))
    if (ids.length === 0) return [finding]
    return ids.map((one) => ({ ...finding, resource: { ...finding.resource, id: one } }))
  })
}

/** One finding of each id, the first. */
export function onceEach(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>()
  for (const finding of findings) if (!first.has(finding.id)) first.set(finding.id, finding)
  return [...first.values()]
}

/** When the time was up, what was not read is left for later, as far as it can be looked at one by one. */
function withoutLate(findings: readonly Finding[], ground: Ground, { isTimeUp }: SweepCourse) {
  if (!isTimeUp()) return { findings, left: [] }
  const isLate = ({ transience, resource }: Finding) =>
    transience === 'passing' && isLookable(placed(resource, ground), ground)
  return {
    findings: findings.filter((finding) => !isLate(finding)),
    left: onceEach(findings.filter(isLate)).map(({ resource }) => placed(resource, ground)),
  }
}

function notCompared({ before }: SweepCourse): string {
  if (before.state === 'known') return ''
  const reason = before.state === 'unknown' ? before.reason : 'there are none'
  return `${uncompared}: ${reason}.`
}
