import { InputError } from '../../shared/model/errors.ts'
import type { PreviousResults } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { packResults } from '../../shared/sources/config-compliance/pack-results.ts'
import {
  type ComplianceReader,
  longestRuleName,
  previousResults,
} from '../../shared/sources/config-compliance/previous-results.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import { shownType } from './absences.ts'

/** The Config rule whose results are asked for. */
export interface RuleBefore {
  /** As the event names it; undefined when it does not. */
  readonly ruleName: string | undefined
  /** The types the rule judges. */
  readonly judges: readonly string[]
}

/**
 * What AWS Config shows of a rule before a sweep: by its name, or, when that is longer than the call takes, out of the conformance
 * pack that `PULLPATH_CONFORMANCE_PACK` names. Unknown when there is no way to ask.
 * @throws InputError when the variable is no name of a pack
 */
export async function resultsBefore(
  reader: ComplianceReader,
  { ruleName, judges }: RuleBefore,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Answer<PreviousResults>> {
  if (ruleName === undefined) {
    return { state: 'unknown', reason: 'the event does not name its Config rule', transience: 'lasting' }
  }
  const pack = conformancePackOf(variables)
  if (ruleName.length <= longestRuleName || pack === undefined) return previousResults(reader, ruleName)
  return packResults(reader, { pack, ruleName, types: [...new Set(judges.map(shownType))] })
}

/** The conformance pack the rules are in; undefined where they are rules by themselves. */
function conformancePackOf({ PULLPATH_CONFORMANCE_PACK: name = '' }: Readonly<Record<string, string | undefined>>) {
  if (name === '') return undefined
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,255}$/.test(name)) {
    throw new InputError('environment variable PULLPATH_CONFORMANCE_PACK: expected the name of a conformance pack')
  }
  return name
}
