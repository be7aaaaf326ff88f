import type { UnreadTags } from '../inventory/unread-tags.ts'
import type { Finding } from '../model/finding.ts'

/**
 * A failure that an exception by tag may cover, of a resource whose tags are not known; one that is accepted for another reason stays so.
 * For a lasting reason it stands and says so. For a passing one nobody can say yet whether it is accepted: it is undetermined.
 */
export function untold(finding: Finding, { reason, transience }: UnreadTags): Finding {
  if (finding.exception !== undefined) return finding
  if (transience === 'passing') {
    const undecided = `Cannot be decided: whether an exception by tag covers a failure (${reason}); ${finding.reason}`
    return { ...finding, compliance: 'UNDETERMINED', reason: undecided, transience }
  }
  const assumed = `assumes that no exception by tag covers it (its tags are not known: ${reason})`
  return { ...finding, assumptions: [assumed, ...finding.assumptions] }
}
