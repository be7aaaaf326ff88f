import { withExceptions } from '../../shared/engine/exceptions.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { TimedFinding } from './finding.ts'

/** The rule whose exceptions accept failed pulls: it judges the same way of the same image. Settings can name rules only. */
const excepting = 'image-pull-path'

/**
 * The findings, each failure with the exception that covers it at that time. No tags are read here: an exception that asks for
 * one covers nothing.
 */
export function withAccepted(
  decided: readonly TimedFinding[],
  settings: Pick<Settings, 'exceptions'>,
  now: Date,
): readonly TimedFinding[] {
  const asJudged = decided.map(({ finding }) => ({ ...finding, rule: excepting }))
  const accepted = withExceptions(asJudged, { settings, now })
  return decided.map((timed, index) => {
    const exception = accepted[index]?.exception
    return exception === undefined ? timed : { ...timed, finding: { ...timed.finding, exception } }
  })
}
