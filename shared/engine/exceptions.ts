import type { Inventory } from '../inventory/inventory.ts'
import type { Exception, ExceptionReview, ExceptionStatus, FindingException } from '../model/exception.ts'
import type { Finding } from '../model/finding.ts'
import type { Settings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'
import {
  namerBesidesTag,
  namerOf,
  namesRule,
  type Subject,
  subjectOf,
  type TagsOf,
  tagsIn,
  unreadTagsIn,
} from './exception-match.ts'
import { termOf } from './exception-term.ts'
import { untold } from './untold.ts'

/** What exceptions are measured against. They come from the central settings; the inventory only says which tags a resource has. */
export interface ExceptionGround {
  readonly settings: Pick<Settings, 'exceptions'>
  /** Without it no tag is known. */
  readonly inventory?: Pick<Inventory, 'items' | 'roles'>
  /** Tags that were read by themselves: then those of the inventory do not count. */
  readonly tagsOf?: TagsOf
  /** Without it no exception holds: whether its day has passed cannot be told. */
  readonly now?: Date
}

/**
 * The findings, the noncompliant ones that an exception covers carrying it; everything else about them stays, id included.
 * An undetermined finding stays as it is: an exception accepts a known failure, never what nobody could look at.
 * Of several exceptions the one that holds longest is carried, of equals the first. Where the inventory says that the tags of a resource
 * could not be read, a failure that an exception by tag may cover says so (`untold`).
 */
export function withExceptions(findings: readonly Finding[], ground: ExceptionGround): readonly Finding[] {
  const { now } = ground
  if (now === undefined) return findings
  const running = runningAt(now, ground.settings)
  if (running.length === 0) return findings
  const tagsOf = ground.tagsOf ?? tagsIn(ground.inventory)
  const candidates = running.map((exception) => ({ exception, names: namerOf(exception, tagsOf) }))
  const unreadOf = unreadTagsIn(ground.inventory)
  const mayName = namesBesidesTag(running)
  return findings.map((finding) => {
    if (finding.compliance !== 'NON_COMPLIANT') return finding
    const subject = subjectOf(finding)
    const found = candidates.find(({ names }) => names(subject))
    if (found !== undefined) return { ...finding, exception: kept(found.exception) }
    const unread = mayName(subject) ? unreadOf(finding.resource) : undefined
    return unread === undefined ? finding : untold(finding, unread)
  })
}

/**
 * The failures that an exception by tag covers if their resource carries the tag: who can read tags should. Those that another
 * exception covers are among them, because the one that holds longest is carried.
 */
export function awaitingTags(
  findings: readonly Finding[],
  { settings, now }: Pick<ExceptionGround, 'settings'> & { readonly now: Date },
): readonly Finding[] {
  const byTag = runningAt(now, settings).filter(({ tag }) => tag !== undefined)
  if (byTag.length === 0) return []
  const mayName = namesBesidesTag(byTag)
  return findings.filter((finding) => finding.compliance === 'NON_COMPLIANT' && mayName(subjectOf(finding)))
}

/** Whether any of the exceptions that are by tag names a subject but for its tag. */
function namesBesidesTag(exceptions: readonly Exception[]): (subject: Subject) => boolean {
  const namers = exceptions.filter(({ tag }) => tag !== undefined).map(namerBesidesTag)
  return (subject) => namers.some((names) => names(subject))
}

/** The exceptions that hold now, those that hold longest first. */
function runningAt(now: Date, { exceptions }: Pick<Settings, 'exceptions'>): readonly Exception[] {
  return exceptions
    .filter((exception) => termOf(exception, now) === 'running')
    .toSorted((a, b) => Date.parse(b.expires) - Date.parse(a.expires))
}

function kept({ reason, owner, expires }: Exception): FindingException {
  return { reason, owner, expires }
}

/**
 * What became of the exceptions of the rules that ran, in the order of the settings: what each names among the findings, and
 * which are expired or name nothing.
 */
export function reviewExceptions(
  findings: readonly Finding[],
  rules: readonly Pick<Rule, 'id'>[],
  ground: ExceptionGround & { readonly now: Date },
): readonly ExceptionReview[] {
  const tagsOf = tagsIn(ground.inventory)
  const unreadOf = unreadTagsIn(ground.inventory)
  const open = findings
    .filter(({ compliance }) => compliance === 'NON_COMPLIANT' || compliance === 'UNDETERMINED')
    .map(subjectOf)
  return ground.settings.exceptions
    .filter((exception) => rules.some(({ id }) => namesRule(exception, id)))
    .map((exception) => {
      const named = open.filter(namerOf(exception, tagsOf))
      const failing = named.filter(({ finding }) => finding.compliance === 'NON_COMPLIANT').length
      // What tags nobody could read would have named is not known to be nothing.
      const mayName = namesBesidesTag([exception])
      const isMatched =
        named.length > 0 || open.some((one) => mayName(one) && unreadOf(one.finding.resource) !== undefined)
      const status = statusOf(exception, ground.now, isMatched)
      return { exception, status, failing, undetermined: named.length - failing }
    })
}

/** The exceptions whose last day has passed: they cover nothing any more, and their owners should hear of it. */
export function expiredExceptions({ exceptions }: Pick<Settings, 'exceptions'>, now: Date): readonly Exception[] {
  return exceptions.filter((exception) => termOf(exception, now) === 'expired')
}

function statusOf(exception: Exception, now: Date, isMatched: boolean): ExceptionStatus {
  const term = termOf(exception, now)
  if (term !== 'running') return term
  return isMatched ? 'active' : 'unmatched'
}
