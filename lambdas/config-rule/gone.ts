import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { Ground } from '../../shared/live/decision.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import {
  type PreviousResult,
  type PreviousResults,
  resultKey,
} from '../../shared/sources/config-compliance/evaluation-result.ts'
import { byHistory, isSuspicious, type Looked, lookAtEach, missingFrom, plainly, unlistedFinding } from './absences.ts'
import type { SweepCourse } from './scheduled-sweep.ts'
import { survey } from './sweep.ts'

/** What became of the resources that AWS Config still shows and a complete listing did not bring. */
export interface Absent extends Looked {
  /** What the account's verdict has to say of them. */
  readonly note: string
}

const none: Absent = { config: [], securityHub: [], left: [], failed: 0, note: '' }

/**
 * Decides about results of before whose resource was not listed. Absence from a listing alone proves nothing: each resource is
 * looked at once more, a suspiciously short listing is confirmed by a second one first, and so is the absence of what only
 * listings show.
 */
export async function absentSince(
  before: PreviousResults,
  findings: readonly Finding[],
  ground: Ground,
  course: SweepCourse,
): Promise<Absent> {
  const judged = judgedTypes(ground.selected.rule)
  const missing = missingFrom(findings, before, judged)
  if (missing.length === 0) return none
  const suspicious = isSuspicious(findings, before, judged)
  const second = suspicious ? await absentAgain(missing, course, judged) : missing
  if (second === undefined) {
    return {
      ...none,
      note: `${missing.length} results before have no resource in a short listing; none was taken back.`,
    }
  }
  const { lookable, others, late } = await sorted(missing, ground, course)
  const looked = await lookAtEach(lookable, ground, course.isTimeUp)
  const confirmed = suspicious ? second : await absentAgain(others, course, judged)
  const unlisted = others.filter((one) => confirmed?.includes(one))
  const undecided = looked.failed + late + others.length - unlisted.length
  return {
    ...looked,
    config: [...looked.config, ...unlisted.map((result) => unlistedFinding(result, ground))],
    note: undecided === 0 ? '' : `${undecided} results before could neither be confirmed nor taken back.`,
  }
}

/** Those that a second listing does not bring either; undefined when there is no complete one. */
async function absentAgain(
  missing: readonly PreviousResult[],
  { groundAnew, isTimeUp }: SweepCourse,
  judged: readonly string[],
): Promise<readonly PreviousResult[] | undefined> {
  if (missing.length === 0 || isTimeUp()) return undefined
  const { findings, empty, unlisted } = await survey(groundAnew())
  if (unlisted !== undefined) return undefined
  const asked = new Map(missing.map((one) => [resultKey(one.type, one.id), one]))
  return missingFrom([...findings, ...empty], asked, judged)
}

/** How each can be looked at. What AWS Config has to name first waits for the next sweep when the time is up, or nobody says. */
async function sorted(missing: readonly PreviousResult[], ground: Ground, { isTimeUp }: SweepCourse) {
  const lookable: ChangedResource[] = []
  const others: PreviousResult[] = []
  let late = 0
  for (const result of missing) {
    const resource = plainly(result, ground) ?? (isTimeUp() ? 'late' : await byHistory(result, ground))
    if (resource === 'late' || resource === 'unread') late += 1
    else if (resource === undefined) others.push(result)
    else lookable.push(resource)
  }
  return { lookable, others, late }
}
