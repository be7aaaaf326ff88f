import { withExceptions } from '../../shared/engine/exceptions.ts'
import { type TagView, withTagExceptions } from '../../shared/live/tag-exceptions.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { TimedFinding } from './finding.ts'

/** The rule whose exceptions accept failed pulls: it judges the same way of the same image. Settings can name rules only. */
const excepting = 'image-pull-path'

/**
 * The findings, each failure with the exception that covers it at the time of reading. Where an exception asks for a tag that cannot be
 * read just now, the failure is undetermined until it can.
 */
export async function withAccepted(
  decided: readonly TimedFinding[],
  settings: Pick<Settings, 'exceptions'>,
  view: TagView,
): Promise<readonly TimedFinding[]> {
  const asJudged = decided.map(({ finding }) => ({ ...finding, rule: excepting }))
  const ground = { settings, now: new Date(view.reader.readAt) }
  const accepted = await withTagExceptions(withExceptions(asJudged, ground), view, ground)
  return decided.map((timed, index) => {
    const { rule } = timed.finding
    return { ...timed, finding: { ...timed.finding, ...accepted[index], rule } }
  })
}
