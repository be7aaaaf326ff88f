import { commonMatch } from '../match/overlap.ts'
import { hasWildcard } from '../match/wildcard.ts'
import type { Issuer } from './issuer.ts'
import { mark } from './subject-reach.ts'

/** Patterns of different conditions that are tried each with each. */
const maximumCrossed = 12

/** Subjects to try, in the classes the answer speaks of. */
export interface SubjectCandidates {
  /** Subjects no policy mentions, in the form the issuer writes them. */
  readonly arbitrary: readonly string[]
  /** Completions of each pattern that conditions mention. */
  readonly completions: readonly { readonly pattern: string; readonly subjects: readonly string[] }[]
  /** Subjects as conditions spell them. */
  readonly exact: readonly string[]
  /** False when there were too many patterns to try each with each. */
  readonly complete: boolean
}

const anything = mark.repeat(3)
const ofClusters = [`system:serviceaccount:${anything}:${anything}`]
const ofPlatforms = [
  anything,
  `repo:${anything}/${anything}:ref:refs/heads/${anything}`,
  `project_path:${anything}/${anything}:ref_type:branch:ref:${anything}`,
  `organization:${anything}:project:${anything}:workspace:${anything}:run_phase:${anything}`,
  `organization:${anything}:pipeline:${anything}:ref:${anything}:commit:${anything}:step:${anything}`,
  `org/${anything}/project/${anything}/user/${anything}`,
]

/** Makes the subjects to try from the values of each condition on the subject. */
export function subjectCandidates(
  conditions: readonly (readonly string[])[],
  { kind }: Pick<Issuer, 'kind'>,
): SubjectCandidates {
  const values = [...new Set(conditions.flat())]
  const patterns = values.filter(hasWildcard)
  // Of the values of one condition any will do, so what two of them have in common is nothing new.
  const crossed = conditions.length > 1 ? patterns.slice(0, maximumCrossed) : []
  return {
    arbitrary: kind === 'eks' ? ofClusters : ofPlatforms,
    completions: patterns.map((pattern) => ({
      pattern,
      subjects: completions(pattern, crossed.includes(pattern) ? crossed : []),
    })),
    exact: values,
    complete: conditions.length <= 1 || patterns.length <= maximumCrossed,
  }
}

/** The pattern filled in, widest first; then what it has in common with each other pattern. */
function completions(pattern: string, others: readonly string[]): readonly string[] {
  const shared = others.flatMap((other) =>
    other === pattern
      ? []
      : [
          [starsMarked(pattern), starsMarked(other)],
          [starsMarked(pattern), other],
          [pattern, starsMarked(other)],
          [pattern, other],
        ],
  )
  const common = shared.flatMap(([a = '', b = '']) => {
    const found = commonMatch(a, b)
    return typeof found === 'object' ? [found.text] : []
  })
  return [...new Set([pattern.replaceAll('*', anything).replaceAll('?', mark), ...common])]
}

/** Each star stands for a text that starts with marks. */
function starsMarked(pattern: string): string {
  return pattern.replaceAll('*', `${anything}*`)
}
