import type { ResourceRef } from '../model/resource.ts'
import type { Reading } from '../sources/reading.ts'
import { type Judged, judge } from './judge.ts'
import type { View } from './live.ts'
import type { SelectedRule } from './select-rule.ts'
import { withTagExceptions } from './tag-exceptions.ts'

/** Judges everything in a reading (`judge`), and reads the tags of failures that an exception by tag may cover. */
export async function judgeTagged(
  selected: SelectedRule,
  view: View,
  reading: Reading,
  only?: (ref: ResourceRef) => boolean,
): Promise<Judged> {
  const judged = judge(selected, view, reading, only)
  return { ...judged, findings: await withTagExceptions(judged.findings, view, selected) }
}
