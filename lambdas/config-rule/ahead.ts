import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { Ground } from '../../shared/live/decision.ts'
import { judgedRef } from '../../shared/live/live.ts'
import { parseArn } from '../../shared/model/arn.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import { type FindingAhead, findingsAhead } from '../../shared/sources/held-findings/findings-ahead.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import { isLookable } from './absences.ts'
import type { Invocation } from './invocation.ts'
import { placed } from './placed.ts'

/** Findings that tell more than AWS Config knows, by id. */
export type Ahead = Answer<ReadonlyMap<string, FindingAhead>>

/**
 * What changes that were handed on have told Security Hub and nobody has confirmed; none where nothing goes there. `readAt` is
 * ISO 8601. That it could not be read is logged: the next sweep asks for the same again.
 */
export async function aheadOf(
  { parts, own, environment, signal, selected }: Invocation,
  readAt: string,
): Promise<Ahead> {
  if (!environment.securityHub) return { state: 'absent' }
  const client = parts.clients(own.region).securityHub
  const answer = await findingsAhead({ ...own, readAt, signal, client }, selected.rule.id)
  if (answer.state === 'unknown') {
    parts.log().warn('not compared with the findings of changes', { rule: selected.rule.id, reason: answer.reason })
  }
  return answer
}

/** Those that are known of. */
export function known(ahead: Ahead): ReadonlyMap<string, FindingAhead> {
  return ahead.state === 'known' ? ahead.value : new Map()
}

/** What an account's verdict has to say when they could not be read. */
export function aheadNote(ahead: Ahead): string {
  return ahead.state === 'unknown' ? `Findings of changes were not compared: ${ahead.reason}.` : ''
}

/**
 * Resources that only Security Hub knows of: a change told of them, and a complete listing did not bring them. They may be gone, or
 * the listing came too early.
 */
export function onlyAhead(ahead: Ahead, listed: readonly Finding[], ground: Ground): readonly ChangedResource[] {
  const ids = new Set(listed.map(({ id }) => id))
  return [...known(ahead).values()]
    .filter(({ id, isArchived }) => !isArchived && !ids.has(id))
    .flatMap(({ resourceArn }) => resourceOf(resourceArn, ground) ?? [])
}

/** The resource of an ARN, as it can be looked at; undefined when none of the judged types has such ARNs. */
function resourceOf(arn: string, ground: Ground): ChangedResource | undefined {
  const { resource = '' } = parseArn(arn) ?? {}
  const afterKind = resource.slice(resource.indexOf('/') + 1)
  const name = resource.slice(resource.lastIndexOf('/') + 1)
  const candidates = judgedTypes(ground.selected.rule).flatMap((type) =>
    [afterKind, arn].map((id) => placed({ type, id, arn, name }, ground)),
  )
  return candidates.find((one) => isLookable(one, ground) && judgedRef(ground.view, one).arn === arn)
}
