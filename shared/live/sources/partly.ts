import type { CoverageEntry } from '../../model/resource.ts'
import { covered, type Reader } from '../../sources/reading.ts'

/**
 * The coverage row of a type of which only the resources that one decision names were read. When one of them is gone and
 * every other one was read, the row is `known`, so that its absence is a fact of the decision; otherwise `unknown`.
 */
export function partly(
  reader: Reader,
  type: string,
  named: { readonly answered: boolean; readonly gone: number },
): CoverageEntry {
  if (named.answered && named.gone > 0) return covered(reader, type)
  return covered(reader, type, {
    reason: `only what the judged resource names was read of ${type}`,
    transience: 'lasting',
  })
}
